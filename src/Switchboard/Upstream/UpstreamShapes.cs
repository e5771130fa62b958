using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Switchboard.Contract;

namespace Switchboard.Upstream;

/// <summary>Makes the <see cref="RequestShape"/> of an upstream: what its service wants, and over it what the operator set.</summary>
internal static class UpstreamShapes
{
    /// <summary>What a platform says of who calls: it stays here unless <c>Forward</c> names it.</summary>
    public static readonly FrozenSet<string> Callers = FrozenSet.Create(StringComparer.Ordinal, "metadata", "prompt_cache_key", "safety_identifier", "store", "user");

    /// <param name="options">The upstream, checked.</param>
    /// <param name="profile">What is known of it.</param>
    /// <param name="model">The model that it is asked for.</param>
    /// <param name="modelId">The id of the model that it answers for.</param>
    public static RequestShape Of(UpstreamOptions options, UpstreamProfile profile, string model, string modelId)
    {
        // Somebody who wants an effort wants it thought.
        var thinking = options.Thinking ?? (options.ReasoningEffort is { Length: > 0 } ? UpstreamThinking.Default : UpstreamThinking.Off);
        var isSwitched = thinking is not UpstreamThinking.Default && (options.Thinking is not null || profile.Service is not UpstreamService.Unknown);
        var toggle = !isSwitched ? null : thinking is UpstreamThinking.Off ? profile.Off : profile.On;
        var shape = new RequestShape(model)
        {
            TokenLimit = (options.TokenLimitField ?? profile.TokenLimit) is TokenLimitField.MaxTokens ? RequestShape.MaxTokensField : RequestShape.MaxCompletionTokensField,
            MaxTokens = options.MaxTokens,
            KnowsDeveloper = profile.KnowsDeveloper,
            SystemAtHead = !profile.TakesSystemAnywhere,
            KnowsCustomTools = profile.KnowsCustomTools,
            TakesFiles = profile.TakesFiles,
            WantsReasoning = profile.WantsReasoning,
            WantsSignatures = profile.WantsSignatures,
            SendsCumulativeDeltas = profile.SendsCumulativeDeltas,
            WantsDetails = profile.WantsDetails,
            Withheld = Callers
                .Concat(Names(profile.Refuses))
                .Concat(isSwitched && thinking is UpstreamThinking.Off ? [] : Names(profile.RefusesThinking))
                // The switch and the platform's effort may contradict each other, and some refuse to be told twice.
                .Concat(isSwitched ? ["reasoning_effort"] : [])
                .Except(options.Forward)
                .ToFrozenSet(StringComparer.Ordinal),
            Fields = Fields(options, profile, toggle, modelId, hasTools: false),
            FieldsBesideTools = Fields(options, profile, profile.BesideTools ?? toggle, modelId, hasTools: true),
        };
        return options.Omit.Aggregate(shape, (rest, field) => rest.Without(field));
    }

    private static IReadOnlyDictionary<string, JsonElement> Fields(UpstreamOptions options, UpstreamProfile profile, string? toggle, string modelId, bool hasTools)
    {
        var fields = new JsonObject();
        if (!Names(profile.Refuses).Contains("stream_options"))
        {
            var streamed = new JsonObject { ["include_usage"] = true };
            if (profile.SendsObfuscation)
            {
                streamed["include_obfuscation"] = false;
            }

            fields["stream_options"] = streamed;
        }

        if (toggle is not null)
        {
            Merge(fields, JsonNode.Parse(toggle)!.AsObject());
        }

        Set("temperature", options.Temperature);
        Set("top_p", options.TopP);
        Set("reasoning_effort", Named(options.ReasoningEffort));
        Set("verbosity", Named(options.Verbosity));
        Set("service_tier", Named(options.ServiceTier));
        Set("prompt_cache_key", Named(options.PromptCacheKey) ?? (profile.HasPromptCacheKey && !options.Forward.Contains("prompt_cache_key") ? modelId : null));
        if (options.Body is { Length: > 0 } body)
        {
            Merge(fields, JsonNode.Parse(body)!.AsObject());
        }

        if (!hasTools)
        {
            // Refused where there are no tools.
            fields.Remove("tool_choice");
            fields.Remove("parallel_tool_calls");
        }

        return RequestShape.Frozen(fields);

        void Set(string name, JsonNode? value)
        {
            if (value is not null)
            {
                fields[name] = value;
            }
        }
    }

    private static JsonNode? Named(string? value) => value is { Length: > 0 } ? value : null;

    // What is an object in both is merged, anything else replaced.
    private static void Merge(JsonObject into, JsonObject from)
    {
        foreach (var (name, value) in from)
        {
            if (value is JsonObject inner && into[name] is JsonObject owner)
            {
                Merge(owner, inner);
            }
            else
            {
                into[name] = value?.DeepClone();
            }
        }
    }

    private static string[] Names(string names) => names.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
