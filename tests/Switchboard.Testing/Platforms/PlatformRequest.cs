using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Switchboard.Testing;

/// <summary>A turn as a platform asks for it; <see cref="PlatformRequests"/> has one of each.</summary>
/// <param name="Platform">The name of its dialect.</param>
/// <param name="Json">Its body.</param>
/// <param name="Headers">What it sends beside, but for the key.</param>
internal sealed record PlatformRequest(string Platform, string Json, params IReadOnlyList<(string Name, string Value)> Headers)
{
    public string Path { get; init; } = "/v1/chat/completions";

    /// <summary>The header that carries the key.</summary>
    public string KeyHeader { get; init; } = "Authorization";

    /// <summary>Where the number of the turn stands: <c>body:round_id</c> or <c>header:X-Request-Id</c>. Null where none does; that of a message counts on by itself.</summary>
    public string? Turn { get; init; }

    /// <summary>The model it asks for.</summary>
    public PlatformRequest For(string model) => With(body => body["model"] = model);

    /// <summary>The same with another body.</summary>
    public PlatformRequest With(Action<JsonObject> change)
    {
        var body = JsonNode.Parse(Json)!.AsObject();
        change(body);
        return this with { Json = body.ToJsonString() };
    }

    /// <summary>The same with further headers, or others of these names.</summary>
    public PlatformRequest With(params (string Name, string Value)[] headers) =>
        this with { Headers = [.. Headers.Where(known => !headers.Any(header => Same(header.Name, known.Name))), .. headers] };

    /// <summary>The next turn of the call: the answer is in the history, and the caller says something.</summary>
    public PlatformRequest Next(string answer, string said)
    {
        var next = With(body =>
        {
            var messages = body["messages"]!.AsArray();
            var heard = messages.Last(message => (string?)message!["role"] == "user")!.DeepClone().AsObject();
            heard["content"] = said;
            var spoken = new JsonObject { ["role"] = "assistant", ["content"] = answer };
            if ((int?)heard["turn_id"] is { } turn)
            {
                heard["turn_id"] = turn + 1;
                spoken["turn_id"] = turn;
            }

            messages.Add((JsonNode)spoken);
            messages.Add((JsonNode)heard);
            if (Turn is ['b', 'o', 'd', 'y', ':', .. var path])
            {
                CountOn(body, path.Split('.'));
            }
        });
        return Turn is ['h', 'e', 'a', 'd', 'e', 'r', ':', .. var name]
            ? next.With((name, Following(Headers.Single(header => Same(header.Name, name)).Value)))
            : next;
    }

    public override string ToString() => Platform;

    private static bool Same(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static void CountOn(JsonObject body, string[] path)
    {
        var owner = path[..^1].Aggregate((JsonNode)body, (node, name) => node[name]!);
        var value = owner[path[^1]]!;
        owner[path[^1]] = value.GetValueKind() is JsonValueKind.Number ? (int)value + 1 : Following((string)value!);
    }

    // "req-91" is followed by "req-92".
    private static string Following(string id)
    {
        var digits = id.Length - id.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9').Length;
        var number = digits == 0 ? 0 : int.Parse(id[^digits..], CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{id[..^digits]}{number + 1}");
    }
}
