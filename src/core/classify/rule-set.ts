/** The compiled rules, ready to be asked. */
export interface RuleSet {
  readonly size: number;
}
