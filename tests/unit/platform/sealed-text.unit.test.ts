import { seal, unseal } from '../../../shared/platform/sealed-text';
import { SeededRandom } from '../../support/seeded-random';

const SECRET = 'client-secret-0123456789';
const TEXT = '{"state":"暗号","to":"/orders"}';

describe('text that a browser keeps for us', () => {
  it('is read again with the same secret, and with no other', () => {
    const sealed = seal(SECRET, TEXT, new SeededRandom(1));
    expect(sealed).toMatch(/^[\w-]+$/);
    expect(unseal(SECRET, sealed)).toBe(TEXT);
    expect(unseal('client-secret-9876543210', sealed)).toBeUndefined();
  });

  it('looks different each time, and shows nothing of itself', () => {
    const random = new SeededRandom(1);
    const [first, second] = [seal(SECRET, TEXT, random), seal(SECRET, TEXT, random)];
    expect(first).not.toBe(second);
    expect(Buffer.from(first, 'base64url').includes('orders')).toBe(false);
  });

  it('is none of ours once any bit of it has changed, or a part is missing', () => {
    const bytes = Buffer.from(seal(SECRET, TEXT, new SeededRandom(1)), 'base64url');
    for (let i = 0; i < bytes.length; i += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(i) ^ 1, i);
      expect(unseal(SECRET, changed.toString('base64url'))).toBeUndefined();
      expect(unseal(SECRET, bytes.subarray(0, i).toString('base64url'))).toBeUndefined();
    }
  });
});
