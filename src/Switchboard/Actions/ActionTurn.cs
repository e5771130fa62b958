using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Switchboard.Contract;

namespace Switchboard.Actions;

/// <summary>One turn in which the responder may ask for call actions: keeps its calls back, judges the first, and tells the responder when that is refused.</summary>
internal sealed class ActionTurn
{
    /// <summary>How often the responder may be told that its arguments are wrong. After the last time it can only talk.</summary>
    public const int MaxRefusals = 2;

    private const string NotDone = "Not done: only one call action is possible, and another one was asked for first.";
    private const string Awaited = "It is done right after your next answer. Tell the caller now what there is to tell, and do not call it again.";
    private const string Done = "Done.";
    private const string NoSuchNumber = "Not done: calls may not go to this number. Tell the caller that it is not possible.";

    private readonly List<FunctionCallContent> _held = [];
    private readonly List<FunctionCallContent> _foreignCalls = [];
    private readonly ActionOffer _offer;
    private readonly WrittenTransfers _transfers;
    private readonly ActionForms _forms;
    private readonly ForeignTransfers _foreign;
    private readonly ActionEnding _ending;
    private readonly AnswerText _text;
    private readonly WrittenCalls? _written;
    private readonly TurnNotes _notes;
    private readonly CallActionsSetup _setup;
    private readonly ILogger _logger;
    private readonly bool _isRunBelow;
    private string? _failureText;
    private int _refusals;
    private bool _callsClient;
    private bool _isRefused;
    private bool _isAwaited;
    private bool _isOpen;
    private bool _hasDropped;

    /// <param name="setup">The actions of the model, and what they need.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">The turn's options; they are left as they are.</param>
    public ActionTurn(CallActionsSetup setup, IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        _setup = setup;
        _notes = TurnNotes.Of(options);
        _logger = setup.Logger;
        _isRunBelow = setup.AreToolsRunBelow;
        Messages = [.. messages];
        Options = options?.Clone() ?? new ChatOptions();
        _forms = new ActionForms(setup.Actions, CallContext.From(options), Options.Tools);
        _foreign = new ForeignTransfers(_forms.Foreign, _forms.Diallers, setup.Transfers.IsAllowed);
        _transfers = new WrittenTransfers(setup.Transfers, options, () => IsDecided, _forms.ReadsDirectives ? null : TryHold, _logger);
        _offer = new ActionOffer(setup.Actions, _forms, Options, _notes, declaration => _isRunBelow ? new ActionFunction(declaration, this) : declaration);
        _ending = new ActionEnding(setup, _forms, options, DoneActions.Find(Messages, _offer.Find));
        _written = _forms.AreWrittenCallsRun ? new WrittenCalls(_offer.Names) : null;
        _text = new AnswerText(_transfers, _written, _forms.WantsLastWordsInCall ? new HeldSpeech(setup.Time) : null, _offer.HasActions);
    }

    public List<ChatMessage> Messages { get; }

    public ChatOptions Options { get; }

    /// <summary>Whether an action will end the answer, whatever else the responder does.</summary>
    public bool IsDecided => _held.Count > 0 && !_isRefused && Refusal() is null;

    /// <summary>What waits because it may belong into the call of an action; null for nothing.</summary>
    public HeldSpeech? Waiting => _text.Waiting;

    /// <summary>Whether there need not be an answer: the platform asks after the action was done.</summary>
    public bool MayEndEmpty => _ending.Done.Count > 0;

    /// <summary>What of an update goes on at once: not the calls of actions, and after such a call not the end of the answer. Null when nothing does.</summary>
    public ChatResponseUpdate? Take(ChatResponseUpdate update)
    {
        if (_isRefused)
        {
            Forget();
        }

        var contents = Release(update, Take(update.Contents));
        var isEnd = update.FinishReason is not null && (_held.Count > 0 || _hasDropped || _foreignCalls.Count > 0);
        _isOpen |= isEnd;
        if (!isEnd && contents is null)
        {
            return update;
        }

        var passed = update.Clone();
        passed.Contents = contents ?? update.Contents;
        passed.FinishReason = isEnd ? null : update.FinishReason;
        return passed.Contents.Count > 0 || passed.FinishReason is not null ? passed : null;
    }

    /// <summary>What waited goes out.</summary>
    public ChatResponseUpdate ReleaseWaiting() => Speakable.Text(_text.Release());

    /// <summary>What the responder is told of its <paramref name="call"/>, by the step further in that answers the calls of a round.</summary>
    /// <param name="call">A call that was kept back.</param>
    /// <param name="round">The round; it is told whether the turn ends with it.</param>
    public string Judge(FunctionCallContent call, FunctionInvocationContext round)
    {
        if (_isAwaited || _transfers.HasTransferred)
        {
            round.Terminate = true;
            return _isAwaited ? Done : NotDone;
        }

        if (_held.Count == 0 || _held[0].CallId != call.CallId)
        {
            return NotDone;
        }

        if (Refusal() is { } refusal)
        {
            _ending.LogRefused(First, _held[0]);
            _isRefused = true;
            round.Options!.ToolMode = ++_refusals >= MaxRefusals ? ChatToolMode.None : null;
            return refusal;
        }

        // Beside another tool: where the caller has not heard a word, its result is what there is to say before the call ends.
        _isAwaited = round.FunctionCount > 1 && !_text.HasSpoken;
        round.Terminate = !_isAwaited;
        return _isAwaited ? Awaited : Done;
    }

    /// <summary>Prepares to ask the responder again where what it wanted was refused: <see cref="Messages"/> then tell it why. False when there is no need.</summary>
    public bool TryAskAgain()
    {
        if (_isRefused)
        {
            Forget();
        }

        if (_held.Count == 0)
        {
            return TryTellOfForeign();
        }

        if (Refusal() is not { } refusal)
        {
            return false;
        }

        // A call of the client's tool ends the turn, since only the client can answer it, and so does a transfer that has gone out.
        // A script says the same again.
        if (_callsClient || _transfers.HasTransferred || _isRunBelow || _refusals == MaxRefusals || _setup.IsScripted)
        {
            var dropped = First;
            var isDone = _ending.Done.Contains(dropped);
            _failureText = isDone ? null : dropped.FailureText;
            _text.HasSpokenLast &= !_setup.IsScripted || isDone;
            if (dropped.Refusal(_held[0]) is not null && !isDone)
            {
                CallActionLog.Dropped(_logger, dropped.Name);
            }

            _held.Clear();
            return false;
        }

        _ending.LogRefused(First, _held[0]);
        Tell(_held, refusal);
        return true;
    }

    private bool TryTellOfForeign()
    {
        if (_foreignCalls.Count == 0 || _callsClient || _transfers.HasTransferred || _isRunBelow || _refusals == MaxRefusals || _setup.IsScripted)
        {
            return false;
        }

        Tell(_foreignCalls, NoSuchNumber);
        return true;
    }

    private void Tell(List<FunctionCallContent> calls, string refusal)
    {
        Messages.Add(new ChatMessage(ChatRole.Assistant, LastLines.WithText(_text.BeginRound(), calls)));
        Messages.Add(new ChatMessage(ChatRole.Tool, [.. calls.Select((call, index) => new FunctionResultContent(call.CallId, index == 0 ? refusal : NotDone))]));
        Options.ToolMode = ++_refusals == MaxRefusals ? ChatToolMode.None : null;
        Forget();
    }

    /// <summary>What ends the answer: what was held back of its text, then the action that was asked for first, once. Null when the answer has ended already.</summary>
    /// <exception cref="ResponderException">Nothing is left to hear of what the responder said.</exception>
    public ChatResponseUpdate? End()
    {
        var text = _text.Complete();
        if (_written is { HasTakenOut: true })
        {
            _transfers.NoteTakenOut();
        }

        if (_held.Count == 0)
        {
            return EndWithoutAction(text);
        }

        var contents = _ending.Perform(First, _held[0], text, _text);
        return new ChatResponseUpdate(ChatRole.Assistant, contents)
        {
            FinishReason = _callsClient || contents.Any(content => content is FunctionCallContent) ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop,
        };
    }

    private ChatResponseUpdate? EndWithoutAction(string text)
    {
        var rest = LastLines.WithText(text, []);
        // What cannot be done must not end in silence.
        if (!_text.HasSpokenLast && !_callsClient && (_failureText ?? _transfers.FailureText) is { Length: > 0 } instead)
        {
            rest.Add(_text.Last(instead));
            _isOpen = true;
        }
        else if (!_text.HasSpoken && !_callsClient && MayEndEmpty)
        {
            // The platform may want the goodbye now; where there is none, silence is no failure.
            rest.AddRange(LastLines.WithText(_ending.LastWords, []));
            _notes.MayBeSilent = _isOpen = true;
        }
        else if (!_text.HasSpoken && !_callsClient && _transfers.HasTakenOut)
        {
            throw new ResponderException(ResponderFailure.Empty, _notes.Route);
        }

        return !_isOpen && rest.Count == 0 ? null
            : new ChatResponseUpdate(ChatRole.Assistant, rest) { FinishReason = !_isOpen ? null : _callsClient ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop };
    }

    private CallAction First => _offer.Find(_held[0].Name)!;

    private string? Refusal() => _ending.Refusal(First, _held[0], _text.HasSpoken);

    // A transfer or hang-up that was written as IMS has it, for a platform that would read it aloud.
    private bool TryHold(CallAction action, FunctionCallContent asked)
    {
        if (_offer.Find(asked.Name) is null)
        {
            return false;
        }

        _held.Add(asked);
        return true;
    }

    private void Forget()
    {
        _held.Clear();
        _foreignCalls.Clear();
        _ending.Forget();
        _isRefused = false;
        _isOpen = false;
    }

    // What waits goes out when a call of the client's follows it, when tools run here, and when the answer ends without an action.
    private List<AIContent>? Release(ChatResponseUpdate update, List<AIContent>? contents)
    {
        if (Waiting is null || !(_callsClient || ToolsAtWork.Is(update) || (update.FinishReason is not null && _held.Count == 0 && !_hasDropped)))
        {
            return contents;
        }

        return LastLines.WithText(_text.Release(), contents ?? [.. update.Contents]);
    }

    // Null when they can pass as they are.
    private List<AIContent>? Take(IList<AIContent> contents)
    {
        List<AIContent>? passed = null;
        for (var index = 0; index < contents.Count; index++)
        {
            var content = contents[index];
            var taken = content switch
            {
                TextContent { Text: { Length: > 0 } text } said => _text.Take(said, text),
                FunctionCallContent call => Take(call),
                _ => content,
            };
            if (!ReferenceEquals(taken, content))
            {
                passed ??= [.. contents.Take(index)];
            }

            if (taken is not null)
            {
                passed?.Add(taken);
            }
        }

        return _written?.TakeCalls() is { Count: > 0 } calls ? [.. passed ?? contents, .. calls.Select(Take).OfType<AIContent>()] : passed;
    }

    private FunctionCallContent? Take(FunctionCallContent call)
    {
        // The first one counts: the platform asks again when it is done.
        if (_forms.TakesOneCall && !call.InformationalOnly && (_callsClient || (_held.Count > 0 && _offer.IsClients(call.Name))))
        {
            return null;
        }

        if (_offer.Find(call.Name) is { } action)
        {
            call = _setup.IsScripted && action is TransferAction transfer && call.Arguments is null ? transfer.AskFirst(call.CallId) : _forms.WithNumber(action, call);
            // A transfer that the responder wrote was first, and has gone out.
            _hasDropped = _isOpen = _hasDropped || _transfers.HasTransferred;
            if (!_hasDropped)
            {
                _held.Add(call);
            }

            return null;
        }

        var isForeign = !_foreign.Allows(call);
        if (isForeign)
        {
            _foreignCalls.Add(call);
        }

        var clean = _transfers.Clean(call, isDeclared: _offer.IsClients(call.Name), isForeign);
        _callsClient |= clean is { InformationalOnly: false };
        return clean;
    }
}
