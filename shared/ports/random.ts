/** Chance: uniform in [0, 1), and unique tokens. */
export interface Random {
  next(): number;
  /** 128 bits as lower hex. */
  token(): string;
}
