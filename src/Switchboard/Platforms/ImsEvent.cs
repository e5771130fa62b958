using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Switchboard.Contract;

namespace Switchboard.Platforms;

/// <summary>
/// What a callback of IMS tells. Its page types ids as text and as Int, <c>code</c> as text and as number, <c>data</c> and <c>extendData</c> as JSON
/// and as text, so each is taken in either form, names in any letter case, and what has another form is passed over.
/// </summary>
/// <remarks>https://help.aliyun.com/en/ims/user-guide/agent-callback</remarks>
internal sealed record ImsEvent
{
    public const string AgentStop = "agent_stop";
    public const string Error = "error";
    public const string ChatRecord = "chat_record";
    public const string ModelAnswers = "llm_data_received";
    public const string VoiceAnswers = "tts_data_received";
    public const string InboundCall = "inbound_call";
    public const string OutboundCall = "outbound_call";

    // More are no answer of a turn.
    private const int MaxLines = 64;

    /// <summary>Those that mean something here.</summary>
    public static readonly FrozenSet<string> Known =
        FrozenSet.Create(StringComparer.Ordinal, AgentStop, Error, ChatRecord, ModelAnswers, VoiceAnswers, InboundCall, OutboundCall);

    // The page says that calls report their state and how they were hung up, and shows no values. A guess that is wrong here would end a call in the
    // middle, and one that is missed costs nothing: agent_stop comes too. So words count that can mean nothing else, and no number does.
    private static readonly string[] HangUpWords = ["hangup", "hungup", "挂断"];

    private static readonly FrozenSet<string> EndWords = FrozenSet.Create(
        StringComparer.Ordinal,
        "end", "ended", "disconnected", "finished", "completed", "terminated", "failed", "busy", "noanswer", "rejected", "declined", "cancelled", "canceled", "released");

    private static readonly string[] EndTimes = ["callEndTime", "endTime", "hangupTime", "disconnectTime"];

    /// <summary>The event, in small letters; null when it is not told.</summary>
    public string? Name { get; private init; }

    /// <summary>The call; null when it is not told.</summary>
    public string? InstanceId { get; private init; }

    public string? ChannelId { get; private init; }

    /// <summary>The turn that it is about; null when it is about none, or does not say.</summary>
    public string? SentenceId { get; private init; }

    public string? Code { get; private init; }

    public string? Message { get; private init; }

    /// <summary>When it happened, by the platform's clock; null when it does not say.</summary>
    public DateTimeOffset? At { get; private init; }

    /// <summary>When the platform asked for what it received.</summary>
    public DateTimeOffset? AskedAt { get; private init; }

    /// <summary>When it received it.</summary>
    public DateTimeOffset? AnsweredAt { get; private init; }

    public string? CallerNumber { get; private init; }

    public string? CalleeNumber { get; private init; }

    /// <summary>Whether the call is over.</summary>
    public bool IsEnd { get; private init; }

    /// <summary>What was said, of a record of the chat.</summary>
    public IReadOnlyList<ImsLine> Lines { get; private init; } = [];

    /// <exception cref="ApiException">An id or a number is too long; the exception names it.</exception>
    public static ImsEvent Read(JsonElement body)
    {
        // The page writes it with two d at one place.
        using var extend = new Nested(Find(body, "extendData") ?? Find(body, "extenddData"));
        using var data = new Nested(Find(body, "data"));
        JsonElement[] places = [body, .. extend.Objects, .. data.Objects];
        JsonElement[] ofTurn = [.. extend.Objects, .. data.Objects, body];
        var name = Text(Find(body, "event"))?.Trim().ToLowerInvariant();
        return new ImsEvent
        {
            Name = name,
            InstanceId = Id(places, "instanceId"),
            ChannelId = Id(places, "channelId"),
            SentenceId = Id(ofTurn, "sentenceId"),
            Code = Text(Find(body, "code")),
            Message = Text(Find(body, "message")),
            At = Time(Find(body, "timestamp")),
            AskedAt = Time(First(ofTurn, "requestTimestamp")),
            AnsweredAt = Time(First(ofTurn, "responseTimestamp")) ?? Time(Find(body, "timestamp")),
            CallerNumber = Id(ofTurn, "callerNumber"),
            CalleeNumber = Id(ofTurn, "calleeNumber"),
            IsEnd = name is AgentStop or Error || (name is InboundCall or OutboundCall && IsHangUp(ofTurn)),
            Lines = name == ChatRecord ? [.. Records(data.Value, body).Take(MaxLines).Select(ImsLine.Read).OfType<ImsLine>()] : [],
        };
    }

    /// <summary>A field by its name, in any letter case, that is there and not null.</summary>
    internal static JsonElement? Find(JsonElement owner, string name)
    {
        if (owner.ValueKind is not JsonValueKind.Object)
        {
            return null;
        }

        JsonElement? found = owner.TryGetProperty(name, out var exact) ? exact : null;
        foreach (var field in found is null ? owner.EnumerateObject() : default)
        {
            if (field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                found = field.Value;
                break;
            }
        }

        return found is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } ? found : null;
    }

    /// <summary>A text, or a number as its digits; null for another form, and for an empty one.</summary>
    internal static string? Text(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.String } text when text.GetString() is { Length: > 0 } given => given,
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    /// <summary>A time in ISO 8601, by UTC where it names no zone, or as seconds or milliseconds since 1970; null for anything else.</summary>
    internal static DateTimeOffset? Time(JsonElement? value)
    {
        const long Milliseconds = 100_000_000_000;
        if (Text(value) is not { } text)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            var ticks = (number < Milliseconds ? number * TimeSpan.TicksPerSecond : number * TimeSpan.TicksPerMillisecond) + DateTimeOffset.UnixEpoch.Ticks;
            return number > 0 && ticks < DateTimeOffset.MaxValue.Ticks ? new DateTimeOffset((long)ticks, TimeSpan.Zero) : null;
        }

        // Azure Tables know no time before 1601.
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && time.Year > 1970
            ? time
            : null;
    }

    private static JsonElement? First(IEnumerable<JsonElement> places, string name) => places.Select(place => Find(place, name)).FirstOrDefault(found => found is not null);

    private static string? Id(IEnumerable<JsonElement> places, string name) =>
        places.Select(place => Text(Find(place, name))).FirstOrDefault(text => text is not null) is { } id ? JsonField.EnsureName(id, name) : null;

    private static bool IsHangUp(JsonElement[] places) =>
        EndTimes.Any(name => Time(First(places, name)) is not null)
        || (Text(First(places, "status") ?? First(places, "callStatus") ?? First(places, "state")) is { } status && IsEndWord(status));

    private static bool IsEndWord(string status)
    {
        var word = string.Concat(status.Where(char.IsLetter)).ToLowerInvariant();
        return Array.Exists(HangUpWords, end => word.Contains(end, StringComparison.Ordinal))
            || EndWords.Contains(word) || (word.StartsWith("call", StringComparison.Ordinal) && EndWords.Contains(word["call".Length..]));
    }

    // One, several, or the answer of the service that keeps them.
    private static IEnumerable<JsonElement> Records(JsonElement? data, JsonElement body)
    {
        var several = data is { ValueKind: JsonValueKind.Array } ? data : (data is { } place ? Find(place, "dialogues") : null) ?? Find(body, "dialogues");
        return several is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().AsEnumerable()
            : data is { ValueKind: JsonValueKind.Object } one ? [one]
            : [];
    }

    /// <summary>JSON in JSON: as such, or as the text of it. What is neither is nothing.</summary>
    private sealed class Nested : IDisposable
    {
        private readonly JsonDocument? _document;

        public Nested(JsonElement? value)
        {
            if (value is { ValueKind: JsonValueKind.String } text)
            {
                _document = Parse(text.GetString()!);
                Value = _document?.RootElement;
            }
            else
            {
                Value = value;
            }
        }

        public JsonElement? Value { get; }

        public IEnumerable<JsonElement> Objects => Value is { ValueKind: JsonValueKind.Object } value ? [value] : [];

        public void Dispose() => _document?.Dispose();

        private static JsonDocument? Parse(string text)
        {
            try
            {
                return JsonBody.Parse(Encoding.UTF8.GetBytes(text.AsSpan().TrimStart() is ['[', ..] ? $$"""{"dialogues":{{text}}}""" : text));
            }
            catch (ApiException)
            {
                // It may be any text.
                return null;
            }
        }
    }
}

/// <summary>A record of the chat.</summary>
/// <param name="Id">Its id; null when it has none.</param>
/// <param name="SentenceId">The turn; null when it does not say.</param>
/// <param name="IsCallers">Whether the caller said it; else the agent did.</param>
/// <param name="Text">What was said.</param>
/// <param name="At">When; null when it does not say.</param>
internal sealed record ImsLine(string? Id, string? SentenceId, bool IsCallers, string Text, DateTimeOffset? At)
{
    /// <summary>Null for one without words, or of somebody else.</summary>
    public static ImsLine? Read(JsonElement record)
    {
        var who = (Text("producer") ?? Text("role") ?? Text("speaker"))?.ToLowerInvariant();
        bool? isCallers = who switch
        {
            "user" or "caller" or "customer" or "human" => true,
            "agent" or "assistant" or "ai" or "bot" => false,
            _ => null,
        };
        return isCallers is { } known && (Text("text") ?? Text("content")) is { } text
            ? new ImsLine(Name("dialogueId"), Name("sentenceId") ?? Name("roundId"), known, text, ImsEvent.Time(ImsEvent.Find(record, "time") ?? ImsEvent.Find(record, "timestamp")))
            : null;

        string? Text(string name) => ImsEvent.Text(ImsEvent.Find(record, name));

        string? Name(string name) => Text(name) is { Length: <= JsonField.MaxNameLength } id ? id : null;
    }
}
