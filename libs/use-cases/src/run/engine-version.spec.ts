import { version } from '../../../../package.json';
import { engineVersion } from './engine-version';

it('is the version of the package', () => expect(engineVersion).toBe(version));
