using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Switchboard.Contract;

/// <summary>Keeps what a model thinks in an answer until it is known whether there are tool calls, with which it goes back.</summary>
internal sealed class ThoughtsReader
{
    // Of these the pieces follow each other; of other fields the last one counts.
    private static readonly string[] Texts = ["text", "summary"];

    private readonly StringBuilder _reasoning = new();
    private readonly List<JsonObject> _details = [];
    private int _detailsLength;
    private string? _extra;

    /// <summary>The length of what is kept.</summary>
    public long Length => _reasoning.Length + _detailsLength + (_extra?.Length ?? 0);

    /// <summary>Adds a piece; what goes beyond the most is not kept.</summary>
    public void Add(string reasoning) => _reasoning.Append(reasoning.AsSpan(0, Math.Min(reasoning.Length, Thoughts.MaxLength - _reasoning.Length)));

    /// <summary>Reads a message's <c>extra_content</c>.</summary>
    /// <param name="json">Stands on the name; afterwards on the end of the value.</param>
    public void ReadExtra(ref Utf8JsonReader json) => _extra = ReadObject(ref json) ?? _extra;

    /// <summary>Reads an object that is kept as it is.</summary>
    /// <param name="json">Stands on its name; afterwards on its end.</param>
    /// <returns>Null where it is none, or too long.</returns>
    public static string? ReadObject(ref Utf8JsonReader json)
    {
        if (!JsonText.MoveTo(ref json, JsonTokenType.StartObject))
        {
            return null;
        }

        using var document = JsonDocument.ParseValue(ref json);
        return document.RootElement.GetRawText() is { Length: <= Thoughts.MaxLength } text ? text : null;
    }

    /// <summary>Reads the <c>reasoning_details</c> of a chunk: parts that go on where they have the type and the index of the one before.</summary>
    /// <param name="json">Stands on the name; afterwards on the end of the value.</param>
    public void ReadDetails(ref Utf8JsonReader json)
    {
        if (!JsonText.MoveTo(ref json, JsonTokenType.StartArray))
        {
            return;
        }

        using var document = JsonDocument.ParseValue(ref json);
        _detailsLength += document.RootElement.GetRawText().Length;
        foreach (var part in document.RootElement.EnumerateArray().Where(part => part.ValueKind is JsonValueKind.Object && _detailsLength <= Thoughts.MaxLength))
        {
            Add(JsonObject.Create(part.Clone())!);
        }
    }

    /// <summary>Lets all of it go with the first call of the answer.</summary>
    public void AddTo(FunctionCallContent call) => ((Thoughts.Of(call) ?? new Thoughts()) with
    {
        OfMessage = _extra,
        Reasoning = _reasoning.Length > 0 ? _reasoning.ToString() : null,
        // Half of them would be taken for forged.
        Details = _details.Count > 0 && _detailsLength <= Thoughts.MaxLength ? WireJson.ToText(new JsonArray([.. _details])) : null,
    }).AddTo(call);

    private void Add(JsonObject part)
    {
        if (_details is not [.., var last] || !IsSame(last, part, "type") || !IsSame(last, part, "index"))
        {
            _details.Add(part);
            return;
        }

        foreach (var (name, value) in part.Where(field => field.Value is not null).ToList())
        {
            last[name] = Texts.Contains(name) && Text(last[name]) is { } before && Text(value) is { } more ? before + more : value!.DeepClone();
        }
    }

    private static bool IsSame(JsonObject part, JsonObject other, string name) => JsonNode.DeepEquals(part[name], other[name]);

    private static string? Text(JsonNode? value) => value is JsonValue text && text.TryGetValue<string>(out var said) ? said : null;
}
