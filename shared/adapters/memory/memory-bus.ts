import type { Bus, BusMessage } from '../../ports/bus';

/** In-memory twin of the buses: keeps what was published until a test or a simulation takes it. */
export class MemoryBus implements Bus {
  private messages: BusMessage[] = [];

  async publish(messages: readonly BusMessage[]): Promise<void> {
    this.messages.push(...messages);
  }

  take(): BusMessage[] {
    const taken = this.messages;
    this.messages = [];
    return taken;
  }
}
