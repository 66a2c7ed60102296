/** Names of secrets in the environment. */
const SECRET_NAMES = [
  'HUAWEICLOUD_SDK_SK',
  'HUAWEICLOUD_SDK_SECURITY_TOKEN',
  'YIPAN_SECRETS',
  'YIPAN_STORE_SECRET_KEY',
  'YIPAN_KAFKA_PASSWORD',
  'YIPAN_REDIS_URL',
];

/** Shorter texts are no secrets, and would be found in ordinary words. */
const SECRET_CHARS_MIN = 6;

/**
 * A writer that lets no secret of the environment through. Nothing here writes one knowingly, but messages of the platform are
 * shown, and they may say again what they were sent.
 */
export function redacting(
  write: (text: string) => void,
  environment: Readonly<Record<string, string | undefined>>,
): (text: string) => void {
  const values = SECRET_NAMES.flatMap((name) => secretsIn(environment[name] ?? ''))
    .filter((value) => value.length >= SECRET_CHARS_MIN)
    .sort((a, b) => b.length - a.length);
  return (text) => write(values.reduce((safe, value) => safe.replaceAll(value, '***'), text));
}

/** A secret as it is, within a JSON text, and, where it is JSON or a URL, every secret inside. */
function secretsIn(secret: string): string[] {
  const inside = [...secret.matchAll(/"(?:appSecret|accessToken|token)":\s*"([^"]+)"|:([^:@/]+)@/g)];
  return [secret, JSON.stringify(secret).slice(1, -1), ...inside.map(([, json, url]) => json ?? url ?? '')];
}
