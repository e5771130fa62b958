using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Switchboard.Contract;

/// <summary>How one upstream wants to be asked: what is made of the platform's parameters and roles, and what is added to them.</summary>
/// <param name="Model">The upstream's own name of the model; what a request names is the platform's.</param>
internal sealed record RequestShape(string Model)
{
    public const string MaxTokensField = "max_tokens";
    public const string MaxCompletionTokensField = "max_completion_tokens";

    /// <summary>The <c>name</c> of messages, where <see cref="LeftOut"/> and <see cref="Withheld"/> have it.</summary>
    public const string NameOfMessages = "messages.name";

    /// <summary>The name of the field that limits the answer's tokens.</summary>
    public string TokenLimit { get; init; } = MaxCompletionTokensField;

    /// <summary>Whether that is not the name that it had at first, which was refused.</summary>
    public bool IsOtherLimit { get; init; }

    /// <summary>The limit that wins over the platform's; null for none.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Whether the role <c>developer</c> is known; else such a message is written as <c>system</c>.</summary>
    public bool KnowsDeveloper { get; init; }

    /// <summary>Whether one system message is taken, the first of all, and none behind it: see <see cref="RoleOrder"/>.</summary>
    public bool SystemAtHead { get; init; } = true;

    /// <summary>Whether tools of the type <c>custom</c> are known, and a <c>tool_choice</c> of one or of <c>allowed_tools</c>.</summary>
    public bool KnowsCustomTools { get; init; }

    /// <summary>Whether messages may have parts of the type <c>file</c>.</summary>
    public bool TakesFiles { get; init; }

    /// <summary>Whether an assistant's message with tool calls is sent back with its <c>reasoning_content</c>.</summary>
    public bool WantsReasoning { get; init; }

    /// <summary>The same of its <c>reasoning_details</c>.</summary>
    public bool WantsDetails { get; init; }

    /// <summary>Whether tool calls are sent back with their signatures.</summary>
    public bool WantsSignatures { get; init; }

    /// <summary>Whether something else is sent in the place of what is wanted back and was lost, as the services allow.</summary>
    public bool StandsIn { get; init; }

    /// <summary>Whether anything that the model thought is sent back, and so is kept of its answers.</summary>
    public bool WantsThoughts => WantsReasoning || WantsSignatures || WantsDetails;

    /// <summary>Whether each delta of its answers repeats all that came before.</summary>
    public bool SendsCumulativeDeltas { get; init; }

    /// <summary>Top-level fields that are never sent, whoever wants them.</summary>
    public FrozenSet<string> LeftOut { get; init; } = [];

    /// <summary>Top-level fields that are not taken from the platform.</summary>
    public FrozenSet<string> Withheld { get; init; } = [];

    /// <summary>What is sent beside the conversation in any case, and wins over what the platform sends.</summary>
    public IReadOnlyDictionary<string, JsonElement> Fields { get; init; } = FrozenDictionary<string, JsonElement>.Empty;

    /// <summary>The same for a request that has tools.</summary>
    public IReadOnlyDictionary<string, JsonElement> FieldsBesideTools { get; init; } = FrozenDictionary<string, JsonElement>.Empty;

    /// <summary>Whether messages may have a <c>name</c>.</summary>
    public bool TakesNames => !LeftOut.Contains(NameOfMessages) && !Withheld.Contains(NameOfMessages);

    /// <summary>The same shape without a field.</summary>
    /// <param name="path">The field's name, or its path such as <c>stream_options.include_obfuscation</c>.</param>
    public RequestShape Without(string path) => path.Contains('.', StringComparison.Ordinal) && path != NameOfMessages
        ? this with { Fields = Without(Fields, path.Split('.')), FieldsBesideTools = Without(FieldsBesideTools, path.Split('.')) }
        : this with { LeftOut = LeftOut.Append(path).ToFrozenSet(StringComparer.Ordinal) };

    /// <summary>Keeps fields in their order, in a form that many turns may read at once.</summary>
    public static IReadOnlyDictionary<string, JsonElement> Frozen(JsonObject fields) =>
        new OrderedDictionary<string, JsonElement>(fields.Select(field => KeyValuePair.Create(field.Key, JsonElement.Parse(field.Value?.ToJsonString() ?? "null"))), StringComparer.Ordinal);

    private static IReadOnlyDictionary<string, JsonElement> Without(IReadOnlyDictionary<string, JsonElement> fields, ReadOnlySpan<string> path)
    {
        var copy = new JsonObject();
        foreach (var (name, value) in fields)
        {
            copy[name] = JsonNode.Parse(value.GetRawText());
        }

        JsonNode? owner = copy;
        foreach (var name in path[..^1])
        {
            owner = (owner as JsonObject)?[name];
        }

        if (owner is not JsonObject { Count: > 0 } inner || !inner.Remove(path[^1]))
        {
            return fields;
        }

        // Nothing is left of an object that has lost its only field.
        if (inner.Count == 0)
        {
            (inner.Parent as JsonObject)?.Remove(path[^2]);
        }

        return Frozen(copy);
    }
}
