namespace Caller.Platform;

/// <summary>When a platform's client sends a turn again.</summary>
/// <param name="Most">How often at most.</param>
/// <param name="Kind">On what.</param>
internal sealed record RetryRules(int Most, RetryKind Kind)
{
    public static readonly RetryRules None = new(0, RetryKind.Never);

    /// <summary>OpenAI's client libraries: two repeats (openai/openai-python, <c>_base_client.py</c>).</summary>
    public static readonly RetryRules OpenAi = new(2, RetryKind.OpenAi);
}

/// <summary>On what a client sends a turn again.</summary>
internal enum RetryKind
{
    Never,

    /// <summary>No connection, no answer in time, or status 408, 409, 429 and 5xx; <c>x-should-retry</c> and <c>Retry-After</c> are heeded.</summary>
    OpenAi,

    /// <summary>No connection, no answer in time, or status 408, 429 and 5xx: a guess where a platform says only that it repeats.</summary>
    Failures,

    /// <summary>Any failure before the first output but a client error (livekit/agents, <c>llm/llm.py</c>, <c>_exceptions.py</c>).</summary>
    BeforeOutput,

    /// <summary>Any failure, no output in time, or an answer that holds nothing.</summary>
    AnyOrEmpty,
}
