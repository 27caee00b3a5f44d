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
  // 22: Mills' ratio on 0 ≤ z ≤ 38.6, minimax rational of degree 9/10, error 5.0e-17, coefficient rounding 0.8e-17
  1.3797208595198855, 2.1375332248406207, 1.6382427386099272, 0.7976876514634108, 0.26927776175046403,
  0.06508766877980805, 0.011263631031541946, 0.0013503033075199142, 0.0001025307966356389, 3.811760128557044e-06,
  // 32: its denominator
  1.1008579720285758, 2.5838623378218335, 2.8183234685583645, 1.8860141352810331, 0.8601131034401053,
  0.2803363180852515, 0.06643034904438021, 0.011366161815579472, 0.0013541150678738473, 0.00010253079663321311,
  3.8117601285688223e-06,
  // 43: ½, 1, 2, 1/√(2π), flush threshold of the density, largest argument of Mills' ratio, 2^52 + 1024
  0.5, 1.0, 2.0, 0.3989422804014327, -708.0, 64.0, 4503599627371520.0,
  // 50: the box the lanes answer for: least price, greatest sum of spot and strike, greatest |rate·T| + |yield·T|,
  // least and greatest σ√T
  1e-5, 1e9, 2.0, 1e-8, 50.0,
  // 55: −½
  -0.5,
]);

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
