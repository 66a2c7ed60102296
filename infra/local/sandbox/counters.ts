/** What happened in one shop, counted since the start. Messages: emitted - lost + duplicated = confirmed + waiting + given up. */
export class ShopCounters {
  ordersCreated = 0;
  ordersSoldOut = 0;
  messagesEmitted = 0;
  messagesLost = 0;
  messagesDuplicated = 0;
  /** Every handing-out counts, also of a message handed out before. */
  messagesDelivered = 0;
  messagesConfirmed = 0;
  messagesGivenUp = 0;
  pushesOk = 0;
  pushesRefused = 0;
  pushesUnreachable = 0;
  stockSets = 0;
  stockAdds = 0;
  idempotentRepeats = 0;
}

/** Gateway calls of all shops. A call has exactly one outcome: `ok`, `held`, or `error:<code>`. */
export class GatewayCounters {
  signatureFailures = 0;
  readonly byMethod = new Map<string, number>();
  readonly byOutcome = new Map<string, number>();

  count(method: string, outcome: string): void {
    this.byMethod.set(method, (this.byMethod.get(method) ?? 0) + 1);
    this.byOutcome.set(outcome, (this.byOutcome.get(outcome) ?? 0) + 1);
  }
}
