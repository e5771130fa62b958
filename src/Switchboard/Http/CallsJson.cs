using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Switchboard.Transcripts;

namespace Switchboard.Http;

/// <summary>The answer of <c>GET calls</c>.</summary>
/// <param name="Day">The day that the calls began on, by UTC.</param>
/// <param name="Calls">The calls, newest first.</param>
/// <param name="Continue">What to send as <c>continue</c> for the next page; null on the last one.</param>
internal sealed record CallList(DateOnly Day, IReadOnlyList<CallSummary> Calls, string? Continue);

/// <summary>The answer of <c>GET calls/{instanceId}</c>.</summary>
/// <param name="InstanceId">The call.</param>
/// <param name="ChannelId">Its channel; null where no request named one.</param>
/// <param name="Turns">Its turns, in order.</param>
/// <param name="HasMore">Whether more turns are stored than are answered.</param>
internal sealed record CallTranscript(string InstanceId, string? ChannelId, IReadOnlyList<TurnCard> Turns, bool HasMore);

/// <summary>One turn of a <see cref="CallTranscript"/>.</summary>
/// <param name="SentenceId">The turn, as the platform names it; null when it does not.</param>
/// <param name="Key">The key that it was asked with, by the first 8 hex digits of its digest; null for a turn from before keys were kept.</param>
/// <param name="RequestId">The request that the turn was stored of.</param>
/// <param name="Requests">How many requests there were about the same words.</param>
/// <param name="StartedAt">When it came.</param>
/// <param name="Heard">What the caller said; null where only its length is kept.</param>
/// <param name="HeardLength">Its length in UTF-16 characters.</param>
/// <param name="Spoken">What was written to the client; null where only its length is kept.</param>
/// <param name="SpokenLength">Its length in UTF-16 characters.</param>
/// <param name="Cut">Whether the caller left before the end.</param>
/// <param name="Actions">The call actions and tool calls that the client got.</param>
/// <param name="Platform">The platform that asked; null where it is not known.</param>
/// <param name="Model">The configured model.</param>
/// <param name="Responder">Its responder; null when there is no such model.</param>
/// <param name="Upstream">The upstream that answered, where there is one.</param>
/// <param name="Outcome">How it ended, in the words of the log.</param>
/// <param name="ErrorCode">The code of the error that ended it; null when none did.</param>
/// <param name="FirstSpeechMs">Milliseconds to the first speakable text sent; null when there was none.</param>
/// <param name="DurationMs">Milliseconds to the end.</param>
/// <param name="PromptTokens">The tokens of the request; null when unknown.</param>
/// <param name="CachedPromptTokens">How many of them the upstream remembered; null when unknown.</param>
/// <param name="CompletionTokens">The tokens of the answer; null when unknown.</param>
internal sealed record TurnCard(
    string? SentenceId,
    string? Key,
    string RequestId,
    int Requests,
    DateTimeOffset StartedAt,
    string? Heard,
    int HeardLength,
    string? Spoken,
    int SpokenLength,
    bool Cut,
    IReadOnlyList<TranscribedAction> Actions,
    string? Platform,
    string? Model,
    string? Responder,
    string? Upstream,
    string Outcome,
    string? ErrorCode,
    double? FirstSpeechMs,
    double DurationMs,
    long? PromptTokens,
    long? CachedPromptTokens,
    long? CompletionTokens)
{
    public static TurnCard Of(TurnTranscript turn) => new(
        turn.SentenceId, turn.Key, turn.RequestId, turn.Requests, turn.StartedAt, turn.Heard, turn.HeardLength, turn.Spoken, turn.SpokenLength, turn.IsCut, turn.Actions,
        turn.Platform, turn.Model, turn.Responder, turn.Upstream, turn.Outcome, turn.ErrorCode, turn.FirstSpeechMs, turn.DurationMs, turn.PromptTokens, turn.CachedPromptTokens, turn.CompletionTokens);
}

/// <summary>The JSON of the transcripts, generated at build time; what is unknown is null.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(CallList))]
[JsonSerializable(typeof(CallTranscript))]
internal sealed partial class CallsJson : JsonSerializerContext;

/// <summary>Times as JavaScript writes them: UTC, with milliseconds.</summary>
internal sealed class UtcTime : JsonConverter<DateTimeOffset>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        DateTimeOffset.ParseExact(reader.GetString()!, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture));
}
