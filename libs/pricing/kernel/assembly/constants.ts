// Every constant of the lanes as one table in linear memory: a load that splats costs one instruction, while V8
// builds a v128 literal anew from two 64-bit immediates at each use.

const TABLE = memory.data<f64>([
  // 0: exponential: log2 e, rounding magic 1.5·2^52, ln 2 cut after 33 bits, its tail
  1.4426950408889634, 6755399441055744.0, 0.6931471804855391, 7.440617110012397e-11,
  // 4: (e^r − 1 − r)/r² on |r| ≤ ½ ln 2, degree 9, error of e^r 6e-19
  0.5000000000000006, 0.16666666666666688, 0.04166666666656885, 0.008333333333312829, 0.0013888888934555429,
  0.0001984126990688358, 2.480150164290966e-05, 2.755722457571692e-06, 2.762744255969306e-07, 2.511551036450779e-08,
  // 14: (2 artanh(s)/s − 2)/s² in s² on |s| ≤ 1/5, degree 7, error 2e-19
  0.6666666666666665, 0.40000000000028607, 0.28571428561320844, 0.22222223775173663, 0.18181692739176006,
  0.15390343055312858, 0.1318509374858412, 0.13773031760879215,
  // 22: Mills' ratio on 0 ≤ z ≤ 40, rational of degree 9/10, minimax for the weight 1/(1 + min(z², 64)/2) and corrected for
  // the rounding of 1/√(2π) below: error 2e-17 up to z = 3, where prices lie, 2e-16 beyond
  1.5138544813848183, 2.314245586393925, 1.7522562979452896, 0.8427889198120596, 0.2808369502162908,
  0.066931387723264, 0.011402313034600457, 0.001342650897190317, 9.981681174853708e-05, 3.614187581874687e-06,
  // 32: its denominator
  1.2078811179991753, 2.810250518626731, 3.0364131885011245, 2.011280109588322, 0.9070715798443412,
  0.2920396078075894, 0.06826681107799416, 0.011502129823379649, 0.0013462650851999497, 9.981681174376884e-05,
  3.614187581898523e-06,
  // 43: ½, 1, 2, 1/√(2π), flush threshold of the density, largest argument of Mills' ratio, 2^52 + 1024
  0.5, 1.0, 2.0, 0.3989422804014327, -708.0, 64.0, 4503599627371520.0,
  // 50: the box the lanes answer for: least price, greatest sum of spot and strike, greatest |rate·T| + |yield·T|,
  // least and greatest σ√T
  1e-5, 1e9, 2.0, 1e-8, 50.0,
  // 55: −½
  -0.5,
]);

// Bit patterns for the logarithm: half a binary exponent, the exponent field, an offset that keeps exponents positive,
// and the exponent of 2^52.
const BITS = memory.data<u64>([0x0008000000000000, 0xfff0000000000000, 0x4000000000000000, 0x4330000000000000]);

@inline export function bits(index: i32): v128 { return v128.load_splat<u64>(BITS + (<usize>index << 3)); }

export const HALF_EXPONENT = 0;
export const EXPONENT_FIELD = 1;
export const EXPONENT_OFFSET = 2;
export const EXPONENT_OF_2_52 = 3;

@inline export function constant(index: i32): v128 { return v128.load_splat<f64>(TABLE + (<usize>index << 3)); }

export const LOG2_E = 0;
export const ROUNDING_MAGIC = 1;
export const LN2_HIGH = 2;
export const LN2_LOW = 3;
export const EXPONENTIAL = 4;
export const ARTANH = 14;
export const MILLS_NUMERATOR = 22;
export const MILLS_DENOMINATOR = 32;
export const HALF = 43;
export const ONE = 44;
export const INVERSE_SQRT_TWO_PI = 46;
export const FLUSH = 47;
export const FARTHEST = 48;
export const EXPONENT_MAGIC = 49;
export const PRICE_LEAST = 50;
export const PRICE_GREATEST = 51;
export const CARRY_GREATEST = 52;
export const DEVIATION_LEAST = 53;
export const DEVIATION_GREATEST = 54;
export const MINUS_HALF = 55;
