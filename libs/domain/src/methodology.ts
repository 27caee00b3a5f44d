/** The margin methodologies the service knows; each is one folder of libs/margin. */
export const methodologies = ['SPAN', 'TIMS', 'CRYPTO_PM', 'CRYPTO_PMRM', 'SENSITIVITY'] as const;

export type Methodology = (typeof methodologies)[number];
