/** The service's functions, by the ends of their names. */
export const FUNCTIONS: readonly string[];
