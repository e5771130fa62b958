using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Platforms;

namespace Switchboard.Actions;

/// <summary>One turn in which the responder may ask for call actions: keeps its calls back, judges the first, and tells the responder when that is refused.</summary>
internal sealed class ActionTurn
{
    /// <summary>How often the responder may be told that its arguments are wrong. After the last time it can only talk.</summary>
    public const int MaxRefusals = 2;

    /// <summary>How much of a reply, in characters, is sent back to the responder whose action was refused: as much as somebody says in ten minutes.</summary>
    public const int MaxSaid = 8192;

    private const string NotDone = "Not done: only one call action is possible, and another one was asked for first.";
    private const string Awaited = "It is done right after your next answer. Tell the caller now what there is to tell, and do not call it again.";
    private const string Done = "Done.";
    private const string AlreadyDone = "It is done already. Do not call it again: only say what there is still to say.";
    private const string NoTransfer = "The call cannot be transferred from here. Tell the caller so.";
    private const string NoHangUp = "The call cannot be ended from here. Say goodbye.";

    private readonly Dictionary<string, CallAction> _actions = new(StringComparer.Ordinal);
    private readonly List<FunctionCallContent> _held = [];
    private readonly KeptText _said = new(MaxSaid);
    private readonly HashSet<string> _known;
    private readonly WrittenTransfers _transfers;
    private readonly ActionForms _forms;
    private readonly ForeignTransfers _foreign;
    private readonly IReadOnlySet<CallAction> _done;
    private readonly HeldSpeech? _speech;
    private readonly TurnNotes _notes;
    private readonly CallContext _call;
    private readonly CallActionsSetup _setup;
    private readonly ILogger _logger;
    private readonly bool _isRunBelow;
    private string? _failureText;
    private int _refusals;
    private bool _hasSpoken;
    private bool _hasSpokenLast;
    private bool _hasHeard;
    private bool _isImpossible;
    private bool? _isPossible;
    private bool _needsSpace;
    private bool _callsClient;
    private bool _isRefused;
    private bool _isAwaited;
    private bool _isOpen;
    private bool _endsOpen;
    private bool _hasDropped;

    /// <param name="setup">The actions of the model, and what they need.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">The turn's options; they are left as they are.</param>
    public ActionTurn(CallActionsSetup setup, IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        _setup = setup;
        _call = CallContext.From(options);
        _notes = TurnNotes.Of(options);
        _logger = setup.Logger;
        _isRunBelow = setup.AreToolsRunBelow;
        Messages = [.. messages];
        Options = options?.Clone() ?? new ChatOptions();
        _forms = new ActionForms(setup.Actions, _call, Options.Tools);
        _foreign = new ForeignTransfers(_forms.Foreign);
        _transfers = new WrittenTransfers(setup.Transfers, options, () => IsDecided, _forms.ReadsDirectives ? null : TryHold, _logger);
        foreach (var (tool, action) in _forms.TakenOver)
        {
            _actions.TryAdd(tool, action);
            _notes.TakenOver[tool] = action.Declaration.Name;
        }

        // The client knows what its own tool does, and no service takes two tools of one name.
        var kept = (Options.Tools ?? []).Where(tool => !_actions.ContainsKey(tool.Name)).ToList();
        _known = [.. kept.Select(tool => tool.Name)];
        var offered = setup.Actions.Where(action => !_known.Contains(action.Declaration.Name)).ToList();
        if (offered.Count > 0)
        {
            var declared = offered.Select(_forms.Declare);
            Options.Tools = [.. kept, .. declared.Select(declaration => _isRunBelow ? new ActionFunction(declaration, this) : (AITool)declaration)];
            Options.ToolMode = Options.ToolMode is RequiredChatToolMode { RequiredFunctionName: { } wanted } && _actions.TryGetValue(wanted, out var meant)
                ? ChatToolMode.RequireSpecific(meant.Declaration.Name) : Options.ToolMode;
        }

        foreach (var action in offered)
        {
            _actions[action.Declaration.Name] = action;
        }

        // A script says hangup, whatever name the platform has for it.
        foreach (var action in offered.Where(action => !_known.Contains(action.Name)))
        {
            _actions.TryAdd(action.Name, action);
        }

        _done = NoteDone();
        _speech = _forms.WantsLastWordsInCall && offered.Count > 0 ? new HeldSpeech(setup.Time) : null;
    }

    public List<ChatMessage> Messages { get; }

    public ChatOptions Options { get; }

    /// <summary>Whether an action will end the answer, whatever else the responder does.</summary>
    public bool IsDecided => _held.Count > 0 && !_isRefused && Refusal() is null;

    /// <summary>What waits because it may belong into the call of an action; null for nothing.</summary>
    public HeldSpeech? Waiting => _speech is { IsOver: false, IsEmpty: false } speech ? speech : null;

    /// <summary>Whether there need not be an answer: the platform asks after the action was done.</summary>
    public bool MayEndEmpty => _done.Count > 0;

    /// <summary>What of an update goes on at once: not the calls of actions, and after such a call not the end of the answer. Null when nothing does.</summary>
    public ChatResponseUpdate? Take(ChatResponseUpdate update)
    {
        if (_isRefused)
        {
            Forget();
        }

        var contents = Release(update, Take(update.Contents));
        var isEnd = update.FinishReason is not null && (_held.Count > 0 || _hasDropped);
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
    public ChatResponseUpdate ReleaseWaiting()
    {
        _hasHeard = true;
        return Speakable.Text(_speech!.Release());
    }

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
            LogRefused();
            _isRefused = true;
            round.Options!.ToolMode = ++_refusals >= MaxRefusals ? ChatToolMode.None : null;
            return refusal;
        }

        // Beside another tool: where the caller has not heard a word, its result is what there is to say before the call ends.
        _isAwaited = round.FunctionCount > 1 && !_hasSpoken;
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

        if (_held.Count == 0 || Refusal() is not { } refusal)
        {
            return false;
        }

        // A call of the client's tool ends the turn, since only the client can answer it, and so does a transfer that has gone out.
        // A script says the same again.
        if (_callsClient || _transfers.HasTransferred || _isRunBelow || _refusals == MaxRefusals || _setup.IsScripted)
        {
            var dropped = _actions[_held[0].Name];
            _failureText = dropped.FailureText;
            _hasSpokenLast &= !_setup.IsScripted || _done.Contains(dropped);
            if (!_isImpossible && !_done.Contains(dropped))
            {
                CallActionLog.Dropped(_logger, dropped.Name);
            }

            _held.Clear();
            return false;
        }

        LogRefused();
        Messages.Add(new ChatMessage(ChatRole.Assistant, [.. !_said.IsEmpty ? new AIContent[] { new TextContent(_said.ToString()) } : [], .. _held]));
        Messages.Add(new ChatMessage(ChatRole.Tool, [.. _held.Select((call, index) => new FunctionResultContent(call.CallId, index == 0 ? refusal : NotDone))]));
        Options.ToolMode = ++_refusals == MaxRefusals ? ChatToolMode.None : null;
        _needsSpace = _endsOpen;
        _said.Clear();
        _endsOpen = _hasSpokenLast = false;
        Forget();
        return true;
    }

    /// <summary>What ends the answer: what was held back of its text, then the action that was asked for first, once. Null when the answer has ended already.</summary>
    /// <exception cref="ResponderException">Nothing is left to hear of what the responder said.</exception>
    public ChatResponseUpdate? End()
    {
        var text = _transfers.Complete();
        if (text.Length > 0)
        {
            Hear(text, isOwn: true);
        }

        if (Waiting is not null)
        {
            text = _speech!.Release() + text;
        }

        if (_held.Count == 0)
        {
            return EndWithoutAction(text);
        }

        var (action, asked) = (_actions[_held[0].Name], _held[0]);
        var contents = _forms.IsDirective(action) ? WithText(text, action.Perform(asked, _call, _hasSpoken))
            : _forms.IsTool(action) ? Perform(action, asked, text) : null;
        if (contents is null)
        {
            NoteImpossible();
            var line = !_hasSpoken && action.Ask(asked, _call).Line is { } word ? word : "";
            contents = WithText(text + line, []);
            _notes.MayBeSilent = true;
        }
        else
        {
            CallActionLog.Performed(_logger, action.Name);
            _notes.Actions.Add(new PerformedAction(action.Name, action.ArgumentsOf(asked), contents[^1]));
        }

        return new ChatResponseUpdate(ChatRole.Assistant, contents)
        {
            FinishReason = _callsClient || contents.Any(content => content is FunctionCallContent) ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop,
        };
    }

    // The last words go where the platform speaks them; what has gone out as text cannot be moved any more, and is not said twice.
    private List<AIContent>? Perform(CallAction action, FunctionCallContent asked, string text)
    {
        var ask = action.Ask(asked, _call);
        var given = _forms.LineIn(action, asked);
        var last = _forms.LastWordsOf(action);
        string before, line;
        if (last is LastWords.InCall)
        {
            var own = LastLines.Join(text, given);
            (before, line) = ("", action.IsTransfer ? LastLines.Join(own, ask.Line) : own.Length > 0 || _hasHeard ? own : ask.Line ?? "");
        }
        else
        {
            var isLater = last is LastWords.AfterCall && !_hasHeard;
            line = _hasSpoken ? "" : given ?? "";
            var configured = action.IsTransfer || (!_hasSpoken && line.Length == 0) ? ask.Line : null;
            before = isLater ? "" : LastLines.After(text, configured, _hasHeard && _endsOpen && text.Length == 0);
        }

        return _forms.Fill(action, asked, ask with { Line = line.Trim() }) is { } call ? WithText(before, [TransferRule.Clean(call)]) : null;
    }

    private static List<AIContent> WithText(string text, IEnumerable<AIContent> contents) => [.. text.Length > 0 ? new AIContent[] { new TextContent(text) } : [], .. contents];

    private ChatResponseUpdate? EndWithoutAction(string text)
    {
        var rest = WithText(text, []);
        // What cannot be done must not end in silence.
        if (!_hasSpokenLast && !_callsClient && (_failureText ?? _transfers.FailureText) is { Length: > 0 } instead)
        {
            rest.Add(new TextContent(_endsOpen || (_needsSpace && _hasHeard) ? $" {instead}" : instead));
            _isOpen = true;
        }
        else if (!_hasSpoken && !_callsClient && _done.Count > 0)
        {
            // The platform may want the goodbye now; where it has none, silence is no failure.
            rest.AddRange(_done.Where(action => !action.IsTransfer && _notes.WantsLastWords).Select(action => action.Ask(new("", ""), _call).Line)
                .Where(line => line is { Length: > 0 }).Take(1).Select(line => new TextContent(line)));
            _notes.MayBeSilent = _isOpen = true;
        }
        else if (!_hasSpoken && !_callsClient && _transfers.HasTakenOut)
        {
            throw new ResponderException(ResponderFailure.Empty, _notes.Route);
        }

        return !_isOpen && rest.Count == 0 ? null
            : new ChatResponseUpdate(ChatRole.Assistant, rest) { FinishReason = !_isOpen ? null : _callsClient ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop };
    }

    private string? Refusal()
    {
        var (action, asked) = (_actions[_held[0].Name], _held[0]);
        if (_done.Contains(action))
        {
            return AlreadyDone;
        }

        if (action.Refusal(asked) is { } refusal)
        {
            return refusal;
        }

        // What it is told to say last does not decide whether it can be told at all.
        _isPossible ??= _forms.IsDirective(action) || (_forms.IsTool(action) && _forms.Fill(action, asked, action.Ask(asked, _call)) is not null);
        if (_isPossible is true)
        {
            return null;
        }

        NoteImpossible();
        return action.IsTransfer ? NoTransfer : !_hasSpoken && !_setup.IsScripted && action.Ask(asked, _call).Line is not { Length: > 0 } ? NoHangUp : null;
    }

    private void NoteImpossible()
    {
        if (_isImpossible)
        {
            return;
        }

        _isImpossible = true;
        var (action, asked) = (_actions[_held[0].Name], _held[0]);
        _notes.Actions.Add(new PerformedAction($"{action.Name} (not possible)", action.ArgumentsOf(asked), null));
        if (_setup.Warnings.IsFirst(_call, action.Name))
        {
            CallActionLog.Impossible(_logger, action.Name, _forms.Platform, _forms.IsTool(action) ? "the tool that the request offers for it must be told what nobody told" : "the request offers no tool for it");
        }
    }

    private void LogRefused()
    {
        if (_actions[_held[0].Name].Refusal(_held[0]) is not null)
        {
            CallActionLog.Refused(_logger, _actions[_held[0].Name].Name);
        }
    }

    private IReadOnlySet<CallAction> NoteDone()
    {
        if (DoneActions.Find(Messages, name => _actions.GetValueOrDefault(name)) is not { } found)
        {
            return new HashSet<CallAction>();
        }

        _notes.Done.UnionWith(found.Actions.Select(action => action.Name));
        _notes.WantsLastWords = !found.HasSpoken || found.Actions.Any(_forms.AsksForLastWords);
        return found.Actions;
    }

    // A transfer or hang-up that was written as IMS has it, for a platform that would read it aloud.
    private bool TryHold(CallAction action, FunctionCallContent asked)
    {
        if (!_actions.ContainsKey(asked.Name))
        {
            return false;
        }

        _held.Add(asked);
        return true;
    }

    private void Forget()
    {
        _held.Clear();
        _isPossible = null;
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

        _hasHeard = true;
        return WithText(_speech!.Release(), contents ?? [.. update.Contents]);
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
                TextContent { Text: { Length: > 0 } text } said => Take(said, text),
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

        return passed;
    }

    private FunctionCallContent? Take(FunctionCallContent call)
    {
        if (_actions.TryGetValue(call.Name, out var action))
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

        var clean = _transfers.Clean(call, isDeclared: _known.Contains(call.Name), isForeign: !_foreign.Allows(call));
        _callsClient |= clean is { InformationalOnly: false };
        return clean;
    }

    private TextContent? Take(TextContent content, string text)
    {
        var said = _needsSpace && !char.IsWhiteSpace(text[0]) ? $" {text}" : text;
        _needsSpace = false;
        var safe = _transfers.Push(said);
        if (safe.Length == 0)
        {
            return null;
        }

        var isPhrase = Speakable.IsPhrase(content);
        Hear(safe, isOwn: !isPhrase);
        if (_speech is { IsOver: false } speech)
        {
            if (!isPhrase && speech.TryAdd(safe))
            {
                return null;
            }

            _hasHeard = true;
            return new TextContent(speech.Release() + safe);
        }

        _hasHeard = true;
        return ReferenceEquals(safe, text) ? content : new TextContent(safe) { AdditionalProperties = content.AdditionalProperties };
    }

    private void Hear(string text, bool isOwn)
    {
        _hasSpokenLast = _hasSpokenLast || (isOwn && ImsMarks.IsHeard(text));
        _hasSpoken |= _hasSpokenLast;
        _endsOpen = !char.IsWhiteSpace(text[^1]);
        if (_actions.Count > 0)
        {
            _said.Append(text);
        }
    }
}
