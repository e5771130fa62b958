using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Switchboard.Turn;

/// <summary>
/// Tells a client that asks for it how its turn ended, as a comment behind the end of the stream: that what was said is an apology, was cut short by a stop, or began
/// with a filler cannot be seen from the answer, and must not change it. Such are the console and <c>caller load</c>; platforms do not ask.
/// </summary>
internal static class OutcomeComment
{
    /// <summary>The header of a request that asks for it, whatever its value.</summary>
    public const string Header = "X-Switchboard-Outcome";

    // The turn has ended, and no place is held any more: who does not read is not waited for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Writes it behind a stream that has begun; anything else tells by its status.</summary>
    public static async Task WriteAsync(HttpContext context, TurnRecord turn, TimeProvider time)
    {
        if (!context.Request.Headers.ContainsKey(Header) || !context.Response.HasStarted || context.RequestAborted.IsCancellationRequested
            || context.Response.ContentType?.StartsWith("text/event-stream", StringComparison.Ordinal) is not true)
        {
            return;
        }

        var body = context.Response.BodyWriter;
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            body.Write(": outcome "u8);
            Write(body, turn);
            body.Write("\n\n"u8);
            await StreamOutput.FlushAsync(body.FlushAsync(patience.Token), context, patience.Token);
        }
        catch (Exception failure) when (failure is CallerLeftException or IOException or InvalidOperationException)
        {
            // The client has what it asked for, and has closed the connection.
        }
    }

    private static void Write(IBufferWriter<byte> body, TurnRecord turn)
    {
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("outcome"u8, turn.Outcome);
        json.WriteString("error"u8, turn.ErrorCode);
        Write(json, "firstSpeechMs"u8, turn.FirstSpeech);
        Write(json, "firstAnswerMs"u8, turn.FirstAnswer);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, TimeSpan? time)
    {
        if (time is { } known)
        {
            json.WriteNumber(name, Math.Round(known.TotalMilliseconds, 1));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
