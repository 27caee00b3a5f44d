/**
 * Finds and compiles the SIMD kernel, once per thread.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The kernel cannot be used on this installation; the message says what to do. */
export class KernelUnavailableError extends Error {
  readonly code = 'KERNEL_UNAVAILABLE';
  override readonly name = 'KernelUnavailableError';
}

/** What kernel.wasm exports; pointers are byte offsets in its memory. See libs/pricing/kernel/assembly. */
export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  kernelVersion(): number;
  scratchStart(): number;
  blackScholesRows(count: number, input: number, output: number, stride: number, flagged: number): number;
  blackScholesPrices(count: number, input: number, output: number, stride: number, flagged: number): number;
  black76Rows(count: number, input: number, output: number, stride: number, flagged: number): number;
  scenarioGrid(
    contracts: number,
    input: number,
    stride: number,
    levels: number,
    volatilities: number,
    scenarios: number,
    table: number,
    output: number,
    rowBytes: number,
    scratch: number,
    flagged: number,
  ): number;
}

/**
 * Creates an instance with a memory of its own.
 *
 * @param scratchBytes  room the caller needs beyond the kernel's own constants; the memory never grows afterwards, so
 *                      views on it stay valid
 * @throws KernelUnavailableError when kernel.wasm is missing or of another version, or the engine has no WebAssembly SIMD
 */
export function instantiateKernel(scratchBytes: number): KernelExports {
  const instance = new WebAssembly.Instance(compiledKernel(), {});
  const kernel = instance.exports as unknown as KernelExports;
  const present = kernel.memory.buffer.byteLength;
  const missing = kernel.scratchStart() + scratchBytes - present;
  if (missing > 0) kernel.memory.grow(Math.ceil(missing / PAGE_BYTES));
  return kernel;
}

/** Where the build put the kernel: beside this file's folder in dist, or in dist when this file runs as source. */
export function kernelPath(): string {
  const inDist = path.resolve(__dirname, '../../pricing/kernel/kernel.wasm');
  const besideSources = path.resolve(__dirname, '../../../dist/libs/pricing/kernel/kernel.wasm');
  return existsSync(inDist) ? inDist : besideSources;
}

let compiled: WebAssembly.Module | undefined;

function compiledKernel(): WebAssembly.Module {
  compiled ??= compileKernel(kernelPath());
  return compiled;
}

/**
 * Reads, checks and compiles a kernel file.
 *
 * @throws KernelUnavailableError when it is missing, damaged, of another version, or needs what the engine has not
 */
export function compileKernel(file: string): WebAssembly.Module {
  if (!existsSync(file)) {
    throw new KernelUnavailableError(`the pricing kernel ${file} does not exist; run: npm run build`);
  }
  const bytes = readFileSync(file);
  if (!WebAssembly.validate(bytes)) {
    throw new KernelUnavailableError(
      `this engine refuses ${file}: it is damaged, or WebAssembly SIMD is not supported`,
    );
  }
  const module = new WebAssembly.Module(bytes);
  const probe = new WebAssembly.Instance(module, {}).exports as unknown as KernelExports;
  const version = probe.kernelVersion();
  if (version !== KERNEL_VERSION) {
    throw new KernelUnavailableError(
      `the pricing kernel ${file} has version ${version}, ${KERNEL_VERSION} is needed; run: npm run build`,
    );
  }
  return module;
}

const KERNEL_VERSION = 1;
const PAGE_BYTES = 65536;
