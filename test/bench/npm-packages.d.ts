declare module 'black-scholes' {
  export function blackScholes(s: number, k: number, t: number, v: number, r: number, right: 'call' | 'put'): number;
}

declare module 'greeks' {
  type Right = 'call' | 'put';
  const greeks: {
    getDelta(s: number, k: number, t: number, v: number, r: number, right: Right): number;
    getGamma(s: number, k: number, t: number, v: number, r: number): number;
    getVega(s: number, k: number, t: number, v: number, r: number): number;
    getTheta(s: number, k: number, t: number, v: number, r: number, right: Right, scale: number): number;
  };
  export default greeks;
}
