import { assert, assertNever, InvariantBroken } from '../../../../shared/domain/kernel/assert';

it('lets a true claim pass and stops at a false one, naming it', () => {
  expect(() => {
    assert(true, 'held is never negative');
  }).not.toThrow();
  expect(() => {
    assert(false, 'held is never negative');
  }).toThrow(new InvariantBroken('held is never negative'));
});

it('stops at a case that the types say cannot be', () => {
  expect(() => assertNever('moved' as never)).toThrow(InvariantBroken);
});
