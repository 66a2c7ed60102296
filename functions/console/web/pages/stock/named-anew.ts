import { ApiError } from '../../kit/api';

/**
 * The save of a new document. Where its number is another document's already, that is no conflict of two edits: overwriting
 * would destroy a document that the person has never seen. So it is told as what it is, and another number is asked for.
 */
export async function namedAnew<T>(isNew: boolean, saved: Promise<T>): Promise<T> {
  try {
    return await saved;
  } catch (error) {
    if (isNew && error instanceof ApiError && error.code === 'VERSION_CONFLICT') {
      throw new ApiError(409, {
        code: 'ALREADY_EXISTS',
        message: '该单号已被使用，请换一个单号',
        messageEn: 'another document has this number; choose another',
      });
    }
    throw error;
  }
}
