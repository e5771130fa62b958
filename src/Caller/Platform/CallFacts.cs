using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Caller.Wire;

namespace Caller.Platform;

/// <summary>What is the same on every turn of a call.</summary>
/// <param name="Model">The model id.</param>
/// <param name="Id">The call.</param>
/// <param name="Channel">The channel of the call.</param>
internal sealed record CallFacts(string Model, string Id, string Channel = "1")
{
    /// <summary>Null: a call over the net, or a platform without numbers.</summary>
    public string? Caller { get; init; }

    public string? Callee { get; init; }

    /// <summary>What was passed when the call was started, usually JSON; null: nothing.</summary>
    public string? UserData { get; init; }

    /// <summary>Where a call may be transferred.</summary>
    public string Transfer { get; init; } = "+14155550111";

    /// <summary>The API key; null: none is sent.</summary>
    public string? Key { get; init; }

    /// <summary>Headers that the user added, <c>name=value</c>.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];
}

/// <summary>What differs from request to request.</summary>
/// <param name="Turn">The number of the turn, from 1.</param>
/// <param name="Follow">How many requests of the turn went before: the model is asked again with results of tools.</param>
/// <param name="At">When the turn was begun.</param>
internal sealed record TurnFacts(int Turn, int Follow, DateTimeOffset At);

/// <summary>The values that stand in a platform's texts as <c>{name}</c>.</summary>
internal sealed class TurnValues(CallFacts call, TurnFacts turn, int attempt = 0)
{
    private readonly Dictionary<string, Func<JsonNode?>> _more = [];

    /// <summary>The same with one more value.</summary>
    public TurnValues With(string name, Func<JsonNode?> value)
    {
        var other = new TurnValues(call, turn, attempt);
        foreach (var (known, get) in _more)
        {
            other._more[known] = get;
        }

        other._more[name] = value;
        return other;
    }

    /// <summary>The value of that name, a node of its own; null when the call has none.</summary>
    public JsonNode? this[string name] => _more.TryGetValue(name, out var more) ? more() : name switch
    {
        "model" => call.Model,
        "call" => call.Id,
        "channel" => call.Channel,
        "turn" => turn.Turn,
        "turnFrom0" => turn.Turn - 1,
        "answers" => turn.Turn,
        "follow" => turn.Follow,
        "request" => $"{call.Id}-{turn.Turn}.{turn.Follow}",
        "caller" => call.Caller,
        "callee" => call.Callee,
        "userData" => UserData(),
        "custom" => Custom(),
        "customText" => TurnBody.Text(Custom()),
        "userDataText" => call.UserData,
        "transfer" => call.Transfer,
        "key" => call.Key,
        "time" => turn.At.ToUnixTimeMilliseconds(),
        "timeText" => turn.At.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        "attempt" => attempt,
        "attemptId" => $"{call.Id}-{turn.Turn}.{turn.Follow}.{attempt}",
        _ => null,
    };

    // Property by property: JsonNode makes nothing of an object that names one twice, and a platform would send it as it is.
    private JsonNode? UserData()
    {
        if (call.UserData is null || JsonReading.Parse(call.UserData) is not { } json)
        {
            return call.UserData;
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            return JsonNode.Parse(json.GetRawText());
        }

        var data = new JsonObject();
        foreach (var property in json.EnumerateObject())
        {
            data[property.Name] = JsonNode.Parse(property.Value.GetRawText());
        }

        return data;
    }

    // What an app that runs on Volcengine would pass: which call it is, and the user data.
    private JsonObject Custom() => Filling.Object("""{"call":"{call}","...":"{userData}"}""", this);
}
