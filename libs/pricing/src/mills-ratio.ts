/**
 * Mills' ratio of the standard normal distribution and its companion, the scaled unit loss.
 *
 * Both are one rational function on the whole half-line (interpolated in 90-digit arithmetic at the Chebyshev nodes of
 * (z − 3.6)/(z + 3.6), error 1e-18); all coefficients are positive, so nothing cancels and the tail keeps its relative
 * precision however far out z lies.
 */

/**
 * Computes Mills' ratio M(z) = Φ(−z)/φ(z) = √(π/2)·erfcx(z/√2).
 *
 * @param z  ≥ 0
 * @returns M(z) within MILLS_BOUND ulp
 */
export function millsRatio(z: number): number {
  if (z > 1e10) return 1 / z;
  const p =
    1.2533141373155003 +
    z *
      (2.263277130094806 +
        z *
          (2.023858562458399 +
            z *
              (1.1656797153296 +
                z *
                  (0.47669623532266736 +
                    z *
                      (0.14472687979842327 +
                        z *
                          (0.03323431458765885 +
                            z *
                              (0.005775002366968101 +
                                z *
                                  (0.0007459290361028095 +
                                    z *
                                      (6.851469154813174e-5 +
                                        z * (4.057393225562736e-6 + z * 1.1879530988932952e-7))))))))));
  const q =
    1 +
    z *
      (2.603718439723729 +
        z *
          (3.192272243967528 +
            z *
              (2.441244885449528 +
                z *
                  (1.2995329621899898 +
                    z *
                      (0.5084792651868929 +
                        z *
                          (0.15036604075145674 +
                            z *
                              (0.03397212883699768 +
                                z *
                                  (0.005843279467900491 +
                                    z *
                                      (0.0007499864293283409 +
                                        z *
                                          (6.863348685802119e-5 +
                                            z * (4.057393225562736e-6 + z * 1.1879530988932952e-7)))))))))));
  return p / q;
}

/**
 * Computes the scaled unit loss L(z) = (φ(z) − z·Φ(−z))/φ(z) = 1 − z·M(z), the price of an out-of-the-money option
 * under the normal model in units of σ√T·φ(z); also −M′(z).
 *
 * @param z  ≥ 0
 * @returns L(z) within LOSS_BOUND ulp
 */
export function unitLossRatio(z: number): number {
  if (z > 1e10) return 1 / z / z;
  const p =
    1 +
    z *
      (1.527024952143205 +
        z *
          (1.1777201566090287 +
            z *
              (0.5947522144515495 +
                z *
                  (0.21633789408677423 +
                    z *
                      (0.059173146286769965 +
                        z *
                          (0.012384005895325952 +
                            z *
                              (0.0019821749565324064 +
                                z *
                                  (0.00023821406056082252 +
                                    z *
                                      (2.056021354620364e-5 +
                                        z * (1.1560185566534232e-6 + z * 3.2531796712330354e-8))))))))));
  const q =
    1 +
    z *
      (2.7803390894587054 +
        z *
          (3.6623584439585293 +
            z *
              (3.0311558073806215 +
                z *
                  (1.7619556862657157 +
                    z *
                      (0.7612286873699992 +
                        z *
                          (0.2521091794028059 +
                            z *
                              (0.06499767623045469 +
                                z *
                                  (0.013091711965312381 +
                                    z *
                                      (0.002043660406394961 +
                                        z *
                                          (0.00024168211623075273 +
                                            z *
                                              (2.065780893634074e-5 +
                                                z * (1.156018556653423e-6 + z * 3.2531796712330354e-8))))))))))));
  return p / q;
}
