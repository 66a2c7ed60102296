/** The product's mark, as in icon.svg: drawn in the page, so that the menu waits for no file. */
export function BrandIcon() {
  return (
    <svg viewBox="0 0 32 32" width={28} height={28} aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#0f5bd8" />
      <path d="M7 12h18l-2 12H9z" fill="#fff" />
      <path d="M11 12c0-6 10-6 10 0" fill="none" stroke="#fff" strokeWidth="2.4" />
      <path d="M13 18h6" stroke="#0f5bd8" strokeWidth="2.4" strokeLinecap="round" />
    </svg>
  );
}
