using System.Text.Json;

namespace Switchboard.Platforms;

/// <summary>The call of a request of a Cartesia agent: it says which turn it is, not which call.</summary>
/// <remarks>https://docs.cartesia.ai/agents/custom-llms</remarks>
internal static class CartesiaCall
{
    private const string Name = "cartesia";
    private const string Turn = "Idempotency-Key";

    public static Dialect Dialect { get; } = new(Name)
    {
        // The header is a weak sign: OpenAI's libraries, which name themselves, may be told to send it, and so may any client that is not streamed to.
        Recognises = request => request.Header(Turn) is not null && request["stream"u8].ValueKind is JsonValueKind.True
            && request.Header("x-stainless-lang") is null && request.Header("x-stainless-retry-count") is null,
        Read = request => new() { Platform = Name, SentenceId = request.Header(Turn) },
        Ids = [(Turn, call => call.SentenceId)],
        // With framing: the page above.
        Answer = new() { MaxBytes = 256 * 1024 },
    };
}
