/** Values of one option contract per unit of underlying [instrument currency]. */
export interface OptionScenarioValues {
  readonly base: number;
  /** In the order of the shocks. */
  readonly shocked: Float64Array;
}
