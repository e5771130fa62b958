using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Switchboard.Transcripts;

/// <summary>What waits to be stored of a call.</summary>
internal abstract record TranscriptItem
{
    /// <summary>The call; the request's id where the platform names none.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The key that the turn was asked with, by the first 8 hex digits of its digest; null for a turn from before keys were kept.</summary>
    public string? Key { get; init; }

    /// <summary>The memory that it takes, in bytes, roughly.</summary>
    public abstract long Size { get; }
}

/// <summary>
/// What the platform told of a call, beside the requests for its turns. It comes with no key of a platform, so it has rows of its own in the call's
/// partition, which belong to <see cref="Owner"/>, and is put together with the turns when they are read: it may come before them, or of a call without any.
/// </summary>
internal sealed record CallEvent : TranscriptItem
{
    /// <summary>Whose its rows are, in the place of a key: no name of a key is a word.</summary>
    public const string Owner = "events";

    // What the ids and the times take, roughly.
    private const int Overhead = 512;

    public string? ChannelId { get; init; }

    /// <summary>The turn; null when it is about none.</summary>
    public string? SentenceId { get; init; }

    /// <summary>When it arrived here.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>How the call ended; null when it does not tell of that.</summary>
    public CallEnding? Ending { get; init; }

    /// <summary><c>inbound</c> or <c>outbound</c>; null when it does not tell.</summary>
    public string? Direction { get; init; }

    public string? CallerNumber { get; init; }

    public string? CalleeNumber { get; init; }

    public PlatformTimes Times { get; init; } = new();

    public IReadOnlyList<SaidLine> Lines { get; init; } = [];

    public override long Size => Overhead + (sizeof(char) * Lines.Sum(line => (long)line.Id.Length + (line.Text?.Length ?? 0)));

    /// <summary>Whether there is anything in it to keep.</summary>
    public bool IsEmpty => Ending is null && Direction is null && CallerNumber is null && CalleeNumber is null && Lines is [] && Times == new PlatformTimes();

    /// <summary>Whether it tells of one turn, or of what was said beside the turns.</summary>
    public bool HasSentence => Lines is not [] || Times != new PlatformTimes();
}

/// <summary>How a call ended, as the platform tells it.</summary>
/// <param name="Event">Its name for that.</param>
/// <param name="Code">Its code; null when it gives none.</param>
/// <param name="Message">Its words; null when it gives none.</param>
/// <param name="At">When, by its clock; null when it does not say.</param>
internal sealed record CallEnding(string Event, string? Code, string? Message, DateTimeOffset? At);

/// <summary>What was said, as the platform tells it.</summary>
/// <param name="Id">Its id, or what makes it another one than the others.</param>
/// <param name="IsCallers">Whether the caller said it; else the agent did.</param>
/// <param name="Text">The words; null where only their length is kept.</param>
/// <param name="Length">Their length in UTF-16 characters.</param>
/// <param name="At">When; null when it does not say.</param>
internal sealed record SaidLine(string Id, bool IsCallers, string? Text, int Length, DateTimeOffset? At)
{
    /// <summary>The most lines of a turn.</summary>
    public const int Most = 16;

    /// <summary>The most characters of a line: all lines of a turn must fit into a row of 1 MiB, whatever JSON makes of them.</summary>
    public const int MaxText = 4 * 1024;

    /// <summary>A line without an id of the platform's is known by its time, who said it and its length.</summary>
    public static string IdOf(string? id, bool isCallers, int length, DateTimeOffset? at) =>
        id ?? string.Create(CultureInfo.InvariantCulture, $"{at?.ToUnixTimeMilliseconds()}-{(isCallers ? 'c' : 'a')}-{length}");
}

/// <summary>When the platform asked for the answer of a turn, and when the first of it came, by its clock; null where it does not say.</summary>
internal sealed record PlatformTimes(
    DateTimeOffset? ModelAskedAt = null, DateTimeOffset? ModelAnsweredAt = null, DateTimeOffset? VoiceAskedAt = null, DateTimeOffset? VoiceAnsweredAt = null)
{
    /// <summary>The earlier of each: the platform tells of the first packet, and several answers to one question share their turn.</summary>
    public PlatformTimes With(PlatformTimes other) => new(
        Earlier(ModelAskedAt, other.ModelAskedAt), Earlier(ModelAnsweredAt, other.ModelAnsweredAt), Earlier(VoiceAskedAt, other.VoiceAskedAt), Earlier(VoiceAnsweredAt, other.VoiceAnsweredAt));

    /// <summary>The earlier one; the one that is there where the other is not.</summary>
    public static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other ?? one : one;
}

/// <summary>The JSON in which lists are stored: as short as may be, since Chinese as escapes would be six times as long.</summary>
[JsonSerializable(typeof(List<SaidLine>))]
[JsonSerializable(typeof(List<CallEnding>))]
[JsonSerializable(typeof(List<FigureGroup>))]
internal sealed partial class StoredJson : JsonSerializerContext
{
    public static StoredJson Short { get; } = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull });
}
