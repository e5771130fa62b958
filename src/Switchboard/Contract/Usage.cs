using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>Writes and reads the <c>usage</c> object, in tokens.</summary>
internal static class UsageJson
{
    public static void Write(Utf8JsonWriter json, UsageDetails usage)
    {
        var input = usage.InputTokenCount ?? 0;
        var output = usage.OutputTokenCount ?? 0;
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, input);
        json.WriteNumber("completion_tokens"u8, output);
        json.WriteNumber("total_tokens"u8, usage.TotalTokenCount ?? input + output);
        if (usage.CachedInputTokenCount is { } cached)
        {
            json.WriteStartObject("prompt_tokens_details"u8);
            json.WriteNumber("cached_tokens"u8, cached);
            json.WriteEndObject();
        }

        if (usage.ReasoningTokenCount is { } reasoning)
        {
            json.WriteStartObject("completion_tokens_details"u8);
            json.WriteNumber("reasoning_tokens"u8, reasoning);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <param name="json">Stands on the start of the object; afterwards on its end.</param>
    public static UsageDetails Read(ref Utf8JsonReader json)
    {
        var usage = new UsageDetails();
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("prompt_tokens"u8))
            {
                usage.InputTokenCount = ReadCount(ref json);
            }
            else if (json.ValueTextEquals("completion_tokens"u8))
            {
                usage.OutputTokenCount = ReadCount(ref json);
            }
            else if (json.ValueTextEquals("total_tokens"u8))
            {
                usage.TotalTokenCount = ReadCount(ref json);
            }
            else if (json.ValueTextEquals("prompt_tokens_details"u8))
            {
                usage.CachedInputTokenCount = Detail(ref json, "cached_tokens"u8) ?? usage.CachedInputTokenCount;
            }
            else if (IsOtherNameOfCached(in json))
            {
                var cached = ReadCount(ref json);
                usage.CachedInputTokenCount ??= cached;
            }
            else if (json.ValueTextEquals("completion_tokens_details"u8))
            {
                usage.ReasoningTokenCount = Detail(ref json, "reasoning_tokens"u8);
            }
            else
            {
                json.Skip();
            }
        }

        return usage;
    }

    // DeepSeek's, Moonshot's, and that of gateways in front of Anthropic's models: https://api-docs.deepseek.com/guides/kv_cache,
    // https://platform.moonshot.ai/docs/api/chat and https://docs.litellm.ai/docs/completion/prompt_caching
    private static bool IsOtherNameOfCached(in Utf8JsonReader json) =>
        json.ValueTextEquals("prompt_cache_hit_tokens"u8) || json.ValueTextEquals("cached_tokens"u8) || json.ValueTextEquals("cache_read_input_tokens"u8);

    // Counts of several rounds are added up, and metrics take no negative ones.
    private static long? ReadCount(ref Utf8JsonReader json) => JsonText.ReadNextInteger(ref json) is >= 0 and <= int.MaxValue and var count ? count : null;

    private static long? Detail(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        long? value = null;
        if (!JsonText.MoveTo(ref json, JsonTokenType.StartObject))
        {
            return value;
        }

        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals(name))
            {
                value = ReadCount(ref json);
            }
            else
            {
                json.Skip();
            }
        }

        return value;
    }
}

/// <summary>What a million tokens cost, in whichever currency the operator counts.</summary>
/// <param name="Prompt">Of the request, where the upstream did not remember them.</param>
/// <param name="Cached">Of the request, where it did.</param>
/// <param name="Completion">Of the answer, its thoughts included.</param>
internal sealed record TokenPrice(decimal Prompt, decimal Cached, decimal Completion)
{
    private const decimal Million = 1_000_000m;

    // Its scale is the greatest there is: to divide by it takes the zeros from the end.
    private const decimal One = 1.0000000000000000000000000000m;

    /// <summary>The cost; null where it is not known how many tokens there were.</summary>
    public decimal? Of(UsageDetails? usage)
    {
        if (usage is not { InputTokenCount: { } prompt, OutputTokenCount: { } completion })
        {
            return null;
        }

        // They are among those of the prompt. Where it is not said, none were remembered as far as anybody knows.
        var cached = Math.Clamp(usage.CachedInputTokenCount ?? 0, 0, prompt);
        return (((prompt - cached) * Prompt) + (cached * Cached) + (completion * Completion)) / Million / One;
    }
}

/// <summary>One request to an upstream, and what it told of its tokens.</summary>
/// <param name="upstream">Who was asked.</param>
/// <param name="price">What its tokens cost; null where that is not configured.</param>
internal sealed class Asking(string upstream, TokenPrice? price)
{
    private volatile UsageDetails? _usage;

    public string Upstream => upstream;

    /// <summary>What it has told so far; null while it has told nothing. Written while the answer is read, which may be after the turn has ended.</summary>
    public UsageDetails? Usage
    {
        get => _usage;
        set => _usage = value;
    }

    public decimal? Cost => price?.Of(_usage);
}

/// <summary>
/// All that the upstreams were asked in a turn: rounds of tools, attempts that failed, and hedges. Several are read at the same time.
/// </summary>
internal sealed class TurnSpending
{
    private readonly Lock _gate = new();
    private readonly List<Asking> _askings = [];

    public Asking Begin(string upstream, TokenPrice? price)
    {
        var asking = new Asking(upstream, price);
        lock (_gate)
        {
            _askings.Add(asking);
        }

        return asking;
    }

    public IReadOnlyList<Asking> All()
    {
        lock (_gate)
        {
            return [.. _askings];
        }
    }
}

/// <summary>
/// What a turn, or several, have used, as far as it was told. Each part is null where nobody told it, which is not none; of several it is the sum of those that are known.
/// </summary>
internal readonly record struct Spent(long? Prompt, long? Cached, long? Completion, decimal? Cost)
{
    public static Spent operator +(Spent one, Spent other) => new(
        Sum(one.Prompt, other.Prompt), Sum(one.Cached, other.Cached), Sum(one.Completion, other.Completion),
        one.Cost is { } cost ? cost + (other.Cost ?? 0) : other.Cost);

    /// <summary>That of a turn.</summary>
    /// <param name="askings">What upstreams were asked.</param>
    /// <param name="answer">What the answer told, which counts where no upstream was asked.</param>
    public static Spent Of(IReadOnlyList<Asking> askings, UsageDetails? answer) =>
        askings.Count == 0 ? Of(answer) : askings.Aggregate(default(Spent), (sum, asking) => sum + (Of(asking.Usage) with { Cost = asking.Cost }));

    public static Spent Of(UsageDetails? usage) => new(usage?.InputTokenCount, usage?.CachedInputTokenCount, usage?.OutputTokenCount, null);

    private static long? Sum(long? one, long? other) => one is { } count ? count + (other ?? 0) : other;
}
