using Caller.Check;
using Caller.Commands;
using Caller.Platform;
using Caller.Wire;

namespace Caller.Talk;

/// <summary>Plays a call: says what comes from the source, plays what is answered, and does what the platform would do.</summary>
internal sealed class TalkSession(PlatformClient client, Conversation conversation, TalkOptions options, TalkScreen screen, TalkRecorder? recorder, Interrupts interrupts)
{
    /// <summary>Plays the call to its end.</summary>
    /// <returns>The number of turns that failed.</returns>
    public async Task<int> RunAsync(ITurnSource source)
    {
        var failed = 0;
        try
        {
            while (await source.NextAsync(interrupts.End) is { } turn)
            {
                var exchange = await HearAsync(turn);
                if (Failure(exchange) is { } failure)
                {
                    screen.Fails(failure);
                    failed++;
                }
                else if (ObeyActions(exchange))
                {
                    return failed;
                }
            }

            screen.Note("The caller hangs up.");
        }
        catch (OperationCanceledException) when (interrupts.End.IsCancellationRequested)
        {
            screen.EndSpeech();
            screen.Echo("");
            screen.Note("The caller hangs up.");
        }

        return failed;
    }

    private async Task<Exchange> HearAsync(SpokenTurn turn)
    {
        var body = TurnBody.Text(conversation.Ask(turn.Text));
        var ask = new Ask { Body = body, Authorization = options.Key is null ? null : $"Bearer {options.Key}" };
        var scanner = new DirectiveScanner();
        var pieces = 0;
        Exchange exchange;
        using (var answer = interrupts.DuringAnswer())
        {
            exchange = await client.SendAsync(ask, new ExchangeLimits(options.Timeout, TimeSpan.FromSeconds(2)), frame =>
            {
                if (frame.Chunk?.Content is not { Length: > 0 } text)
                {
                    return true;
                }

                Play(scanner.Push(text));
                return ++pieces != turn.InterruptAfter;
            }, answer.Token);
        }

        Play(scanner.Complete());
        screen.Ended(exchange);
        recorder?.Turn(conversation.SentenceId, body, exchange);
        Remember(turn, exchange);
        return exchange;
    }

    private void Remember(SpokenTurn turn, Exchange exchange)
    {
        if (exchange.End != ExchangeEnd.Aborted)
        {
            if (turn.InterruptAfter is { } planned && exchange.Status == 200)
            {
                screen.Note($"        The answer was over before its piece {planned}: nothing to interrupt.");
            }

            conversation.Answered(exchange.Text);
            return;
        }

        // A script says exactly what was heard; a person interrupts while it is being played.
        var heard = turn.InterruptAfter is null ? Played(exchange) : exchange.Text;
        conversation.Interrupted(exchange.Text, heard);
        screen.Does($"the caller interrupts; kept in history: {(conversation.Records[^1] is { Role: "assistant", Content: var kept } ? $"\"{kept}\"" : "nothing of the answer")}");
    }

    private string Played(Exchange exchange)
    {
        var text = exchange.Text;
        if (exchange.FirstSpeech is not { } first)
        {
            return "";
        }

        var length = (int)Math.Min(text.Length, (exchange.EndedAfter - first).TotalSeconds * options.SpeechRate);
        return length > 0 && length < text.Length && char.IsHighSurrogate(text[length - 1]) ? text[..(length + 1)] : text[..length];
    }

    private void Play(IReadOnlyList<Speech> stretches)
    {
        foreach (var (text, directive) in stretches)
        {
            if (directive is null)
            {
                screen.Speech(text);
                continue;
            }

            screen.Does(directive.Kind switch
            {
                DirectiveKind.HangUp => $"the platform will hang up: {directive.Text}",
                DirectiveKind.Transfer => $"the platform will transfer the call: {directive.Text}",
                DirectiveKind.NoInterrupting => "the platform lets nobody interrupt this answer",
                DirectiveKind.Emotion => $"the platform speaks with emotion: {directive.Text}",
                _ => $"not a directive the platform knows; it would be read aloud: {directive.Text}",
            });
        }
    }

    private bool ObeyActions(Exchange exchange)
    {
        if (exchange.End == ExchangeEnd.Aborted)
        {
            return false;
        }

        var ends = false;
        foreach (var call in AnnouncedCall.In(exchange).DistinctBy(call => (call.Index, call.Id, call.Name)))
        {
            var mapped = call.Name == options.HangUpFunction;
            ends |= mapped;
            screen.Does(mapped
                ? $"the platform hangs up: tool call {call.Name}({call.Arguments})"
                : $"tool call {call.Name}({call.Arguments}): the platform has no mapping for it and does nothing");
        }

        var scanner = new DirectiveScanner();
        ends |= scanner.Push(exchange.Text).Concat(scanner.Complete())
            .Any(speech => speech.Directive?.Kind is DirectiveKind.HangUp or DirectiveKind.Transfer);
        if (ends)
        {
            screen.Note("The call is over.");
        }

        return ends;
    }

    private static string? Failure(Exchange exchange) => exchange switch
    {
        { End: ExchangeEnd.Aborted } => null,
        { Status: not 200 } => $"the caller hears nothing: {Judging.Describe(exchange)}",
        { IsStream: false } => $"the caller hears nothing: Content-Type {exchange.Header("content-type") ?? "none"} is not an event stream",
        _ when Observations.HasError(exchange) => $"an error event: {exchange.Chunks.First(chunk => chunk.Error is not null).Root}",
        { End: ExchangeEnd.TimedOut } => $"not finished after {Judging.Seconds(exchange.EndedAfter)}",
        { End: ExchangeEnd.Broken or ExchangeEnd.TooLong } => $"the answer broke off: {exchange.Failure ?? "too long"}",
        { SawDone: false } => "the answer ended without [DONE]",
        _ => null,
    };
}
