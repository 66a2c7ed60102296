/** The page's nonce: its content security policy lets styles in that carry it, and no others. */
export const NONCE = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';

type CreateElement = (this: Document, name: string, options?: ElementCreationOptions) => HTMLElement;

/**
 * The component library gives its styles the nonce that it is told, but for two helpers (the width of a scroll bar, the lock of
 * the page behind a dialog), which know of none: style elements get it when they are made.
 */
export function giveStylesTheNonce(): void {
  const createElement: CreateElement = Reflect.get(document, 'createElement');
  Reflect.set(document, 'createElement', (name: string, options?: ElementCreationOptions) => {
    const element = createElement.call(document, name, options);
    if (element instanceof HTMLStyleElement) element.nonce = NONCE;
    return element;
  });
}
