/** Version of the code that computes figures, stored with every result; equals the version in package.json. */
export const engineVersion = '0.1.0';
