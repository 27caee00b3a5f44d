import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { compileKernel, instantiateKernel, kernelPath, KernelUnavailableError } from './kernel-module';

describe('the kernel module', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'kernel-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is found from the sources too, where the build put it', () => {
    expect(kernelPath().endsWith(path.join('dist', 'libs', 'pricing', 'kernel', 'kernel.wasm'))).toBe(true);
  });

  it('has the room asked for, and instances share no memory', () => {
    const first = instantiateKernel(1_000_000);
    const second = instantiateKernel(0);
    expect(first.memory.buffer.byteLength - first.scratchStart()).toBeGreaterThanOrEqual(1_000_000);
    expect(second.memory.buffer.byteLength).toBeLessThan(first.memory.buffer.byteLength);
    new Float64Array(first.memory.buffer)[4000] = 1;
    expect(new Float64Array(second.memory.buffer)[4000]).toBe(0);
  });

  it('says what to do when the kernel was not built', () => {
    const missing = path.join(folder, 'missing.wasm');
    expect(() => compileKernel(missing)).toThrow(KernelUnavailableError);
    expect(() => compileKernel(missing)).toThrow(`${missing} does not exist; run: npm run build`);
  });

  it('refuses a damaged kernel', () => {
    const damaged = path.join(folder, 'damaged.wasm');
    writeFileSync(damaged, readFileSync(kernelPath()).subarray(0, 1000));
    expect(() => compileKernel(damaged)).toThrow('it is damaged, or WebAssembly SIMD is not supported');
  });

  it('refuses a kernel of another version', () => {
    // (module (memory (export "memory") 1) (func (export "kernelVersion") (result i32) i32.const 9))
    const other = path.join(folder, 'other.wasm');
    const hex =
      '0061736d01000000010501600001' +
      '7f030201000503010001071a02066d656d6f727902000d6b65726e656c56657273696f6e00000a06010400' +
      '41090b';
    writeFileSync(other, Buffer.from(hex, 'hex'));
    expect(() => compileKernel(other)).toThrow('has version 9, 1 is needed; run: npm run build');
  });
});
