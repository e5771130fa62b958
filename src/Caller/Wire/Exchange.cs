using System.Text;
using System.Text.Json;

namespace Caller.Wire;

/// <summary>A request that was made and all that was seen of its answer.</summary>
internal sealed record Exchange
{
    public required ExchangeEnd End { get; init; }

    /// <summary>What the network said; null when nothing went wrong.</summary>
    public string? Failure { get; init; }

    /// <summary>What is said of <see cref="LacksKey"/>.</summary>
    public const string NoKey = "no key was sent (--key, or the variable CALLER_KEY)";

    /// <summary>Whether a key was sent.</summary>
    public bool HasKey { get; init; } = true;

    /// <summary>Whether it was refused for want of a key.</summary>
    public bool LacksKey => !HasKey && Status is (401 or 403);

    /// <summary>0 when no headers came.</summary>
    public int Status { get; init; }

    /// <summary>Header names in lower case; repeated headers joined with a comma.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>When the request's last byte was sent, by a clock that all exchanges of a run share, so that they can be laid side by side. All times of the answer count from it.</summary>
    public TimeSpan StartedAt { get; init; }

    /// <summary>How long it took to connect, where that was needed, and to send the request.</summary>
    public TimeSpan SentAfter { get; init; }

    public TimeSpan HeadersAfter { get; init; }

    public TimeSpan EndedAfter { get; init; }

    public IReadOnlyList<Frame> Frames { get; init; } = [];

    /// <summary>All events, with those that are for the platform alone and are no part of the answer; null: there are none such.</summary>
    public IReadOnlyList<Frame>? WithAsides { get; init; }

    public IReadOnlyList<FoundDefect> Defects { get; init; } = [];

    public int Comments { get; init; }

    /// <summary>What the server told of the turn's end; null: nothing.</summary>
    public ToldOutcome? Told { get; init; }

    public byte[] Body { get; init; } = [];

    public string BodyText => Encoding.UTF8.GetString(Body);

    public IEnumerable<Chunk> Chunks => Frames.Where(frame => !frame.IsDone && frame.Chunk is not null).Select(frame => frame.Chunk!);

    /// <summary>The frames that carry text for the caller to hear.</summary>
    public IEnumerable<Frame> Pieces => Frames.Where(frame => frame.Chunk?.Content is { Length: > 0 });

    public string Text => string.Concat(Pieces.Select(frame => frame.Chunk!.Content));

    public bool SawDone => Frames.Any(frame => frame.IsDone);

    public TimeSpan? FirstSpeech => Pieces.FirstOrDefault()?.At;

    /// <summary>To the first text of the responder, which no filler is: what lies between the two by the server's clock, added to the first speech by this one. Null where none came, or none was told.</summary>
    public TimeSpan? FirstAnswer => FirstSpeech is { } heard && Told is { } told ? heard + (told.FirstAnswer - told.FirstSpeech) : null;

    /// <summary>A successful answer that is an event stream, or at least looks like one.</summary>
    public bool IsStream => Status == 200 && (MediaType == "text/event-stream" || Frames.Any(frame => frame.Chunk?.Root.Find("choices") is not null && BodyLooksFramed));

    public string? MediaType => Header("content-type")?.Split(';')[0].Trim().ToLowerInvariant();

    /// <summary>The body as one JSON document; null when it is not.</summary>
    public JsonElement? Json => JsonReading.Parse(BodyText);

    private bool BodyLooksFramed => BodyText.Contains("data:", StringComparison.Ordinal);

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
