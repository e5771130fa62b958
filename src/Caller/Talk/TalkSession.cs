using Caller.Check;
using Caller.Commands;
using Caller.Platform;
using Caller.Wire;

namespace Caller.Talk;

/// <summary>Plays a call: says what comes from the source, plays what is answered, and does what the platform would do.</summary>
internal sealed class TalkSession(TurnSender sender, Conversation conversation, TalkOptions options, TalkScreen screen, TalkRecorder? recorder, Interrupts interrupts)
{
    // A model that calls tools without end would keep the caller waiting without end.
    private const int MostFollows = 8;

    private readonly HeardTurn _turn = new();

    // The end tool was called, and one more answer is to come.
    private bool _ending;

    private VoicePlatform Platform => conversation.Platform;

    /// <summary>Plays the call to its end.</summary>
    /// <returns>The number of turns that failed.</returns>
    public async Task<int> RunAsync(ITurnSource source)
    {
        var failed = 0;
        try
        {
            while (await source.NextAsync(interrupts.End) is { } turn)
            {
                var (turnFailed, over) = await PlayAsync(turn);
                failed += !IsAsExpected(turn) || turnFailed ? 1 : 0;
                if (over)
                {
                    screen.Note("The call is over.");
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

    private bool IsAsExpected(SpokenTurn turn)
    {
        var failures = turn.Expected.Select(expected => expected.Failure(_turn) is { } failure ? $"expected {expected.Line}: {failure}" : null).OfType<string>().ToList();
        failures.ForEach(screen.Fails);
        return failures.Count == 0;
    }

    /// <summary>One turn, with what the platform asks again within it.</summary>
    private async Task<(bool Failed, bool Over)> PlayAsync(SpokenTurn turn)
    {
        _turn.Begin();
        if (options.Speculates && turn.Text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var first)
        {
            await SpeculateAsync(turn.Text.IndexOf(' ', turn.Text.Length / 2) is > 0 and var middle ? turn.Text[..middle] : turn.Text[..first]);
        }

        var request = conversation.Ask(turn.Text);
        var lost = false;
        for (var follow = 0; ; follow++)
        {
            var sent = await HearAsync(request, turn);
            if (TurnFailure.Of(sent.Exchange) is { } failure)
            {
                screen.Fails(failure);
                return (true, false);
            }

            if (sent.Exchange.End == ExchangeEnd.Aborted)
            {
                return (lost, false);
            }

            foreach (var what in sent.Heard.Failure is null ? sent.Heard.Lost : [.. sent.Heard.Lost, sent.Heard.Failure])
            {
                screen.Fails($"{Platform.Name} reads it otherwise: {what}");
                lost = true;
            }

            var (over, asksAgain) = Obey(sent, request);
            if (over || !asksAgain || follow == MostFollows)
            {
                return (lost, over);
            }

            request = conversation.AskAgain();
            if (_ending)
            {
                await HearAsync(request, turn with { InterruptAfter = null });
                return (lost, true);
            }
        }
    }

    /// <summary>Nothing of the answer to a guess is heard: the caller talks on.</summary>
    private async Task SpeculateAsync(string guess)
    {
        screen.Does($"{Platform.Name} asks on \"{guess}\", and hangs up on the answer");
        var request = conversation.Guess(guess);
        var sent = await sender.SendAsync(request, new ExchangeLimits(options.Timeout, TimeSpan.FromSeconds(2)), _ => false, (_, _) => { }, interrupts.End);
        recorder?.Turn(request.Turn.Turn, request.Text, sent.Exchange);
    }

    private async Task<SentTurn> HearAsync(TurnRequest request, SpokenTurn turn)
    {
        var scanner = new DirectiveScanner();
        var pieces = 0;
        SentTurn sent;
        using (var answer = interrupts.DuringAnswer())
        {
            sent = await sender.SendAsync(
                request,
                new ExchangeLimits(options.Timeout, TimeSpan.FromSeconds(2)),
                text =>
                {
                    Play(text, scanner);
                    return ++pieces != turn.InterruptAfter;
                },
                (attempt, pause) =>
                {
                    screen.EndSpeech();
                    screen.Does($"{TurnFailure.Of(attempt.Exchange) ?? attempt.Heard.Failure ?? "the answer is empty"}; {Platform.Name} asks again{(pause > TimeSpan.Zero ? $" after {Judging.Seconds(pause)}" : "")}");
                },
                answer.Token);
        }

        if (Platform.Directives)
        {
            Play(scanner.Complete());
        }

        foreach (var aside in sent.Heard.Asides)
        {
            screen.Does($"for the platform itself: {aside}");
        }

        _turn.Hear(sent.Exchange.FirstSpeech);
        screen.Ended(sent.Exchange);
        recorder?.Turn(conversation.SentenceId, request.Text, sent.Exchange);
        Remember(turn, sent);
        return sent;
    }

    private void Remember(SpokenTurn turn, SentTurn sent)
    {
        if (sent.Exchange.End != ExchangeEnd.Aborted)
        {
            if (turn.InterruptAfter is { } planned && sent.Exchange.Status == 200)
            {
                screen.Note($"        The answer was over before its piece {planned}: nothing to interrupt.");
            }

            conversation.Answered(sent.Heard.Text);
            return;
        }

        // A script says exactly what was heard; a person interrupts while it is being played.
        var heard = turn.InterruptAfter is null ? Played(sent) : sent.Heard.Text;
        conversation.Interrupted(sent.Heard.Text, heard);
        screen.Does($"the caller interrupts; kept in history: {(conversation.Last is { Role: "assistant", Content: var kept } ? $"\"{kept}\"" : "nothing of the answer")}");
    }

    private string Played(SentTurn sent)
    {
        var text = sent.Heard.Text;
        if (sent.Exchange.FirstSpeech is not { } first)
        {
            return "";
        }

        var length = (int)Math.Min(text.Length, (sent.Exchange.EndedAfter - first).TotalSeconds * options.SpeechRate);
        return length > 0 && length < text.Length && char.IsHighSurrogate(text[length - 1]) ? text[..(length + 1)] : text[..length];
    }

    private void Play(string text, DirectiveScanner scanner)
    {
        if (Platform.Directives)
        {
            Play(scanner.Push(text));
        }
        else
        {
            Speak(text);
        }
    }

    private void Play(IReadOnlyList<Speech> stretches)
    {
        foreach (var (text, directive) in stretches)
        {
            if (directive is null)
            {
                Speak(text);
                continue;
            }

            _turn.Do(directive.Kind switch
            {
                DirectiveKind.HangUp => HeardTurn.HangUp,
                DirectiveKind.Transfer => HeardTurn.Transfer(directive.Text),
                _ => null,
            });

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

    private void Speak(string text)
    {
        _turn.Speak(text);
        screen.Speech(text);
    }

    /// <summary>Does what the answer says.</summary>
    /// <returns>Whether the call is over, and whether the model is asked again.</returns>
    private (bool Over, bool AsksAgain) Obey(SentTurn sent, TurnRequest request)
    {
        if (Platform.IsIms)
        {
            return (ObeyIms(sent.Exchange), false);
        }

        var tools = new PlatformTools(Platform, OfferedTool.In(request.Body));
        var results = new List<(ToolUse, string)>();
        var over = false;
        foreach (var call in sent.Heard.Calls)
        {
            var outcome = tools.Run(call);
            screen.Does(outcome.Shown);
            _turn.Do(!outcome.Ends ? $"{call.Name}({call.Arguments})" : call.Name == Platform.TransferTool ? HeardTurn.Transfer(call.Arguments) : HeardTurn.HangUp);
            if (outcome.Speaks is { } speech)
            {
                Speak(speech);
                screen.EndSpeech();
            }

            over |= outcome.Ends && outcome.Result is null;
            _ending |= outcome.Ends;
            if (outcome.Result is { } result)
            {
                results.Add((call, result));
            }
        }

        conversation.Finish();
        if (results.Count > 0 && options.SlowTools && Platform.Unfinished is not null && !_ending)
        {
            conversation.Began(results);
            screen.Note($"        The caller speaks on; the result is {Platform.Unfinished} in the next request.");
            return (over, false);
        }

        if (results.Count > 0)
        {
            conversation.Ran(results);
        }

        return (over, results.Count > 0);
    }

    private bool ObeyIms(Exchange exchange)
    {
        var ends = false;
        foreach (var call in AnnouncedCall.In(exchange).DistinctBy(call => (call.Index, call.Id, call.Name)))
        {
            var mapped = call.Name == options.HangUpFunction;
            ends |= mapped;
            _turn.Do(mapped ? HeardTurn.HangUp : $"{call.Name}({call.Arguments})");
            screen.Does(mapped
                ? $"the platform hangs up: tool call {call.Name}({call.Arguments})"
                : $"tool call {call.Name}({call.Arguments}): the platform has no mapping for it and does nothing");
        }

        var scanner = new DirectiveScanner();
        ends |= scanner.Push(exchange.Text).Concat(scanner.Complete())
            .Any(speech => speech.Directive?.Kind is DirectiveKind.HangUp or DirectiveKind.Transfer);
        return ends;
    }
}
