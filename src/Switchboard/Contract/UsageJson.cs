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
