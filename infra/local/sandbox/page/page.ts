export function renderPage(): string {
  return '<!doctype html><title>sandbox</title>';
}
