using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Actions;

/// <summary>How a turn ends with a call action: whether it can be done, and what the platform gets.</summary>
internal sealed class ActionEnding(CallActionsSetup setup, ActionForms forms, ChatOptions? options, (IReadOnlySet<CallAction> Actions, bool HasSpoken)? done)
{
    private const string AlreadyDone = "It is done already. Do not call it again: only say what there is still to say.";
    private const string NoTransfer = "The call cannot be transferred from here. Tell the caller so.";
    private const string NoHangUp = "The call cannot be ended from here. Say goodbye.";

    private readonly CallContext _call = CallContext.From(options);
    private readonly TurnNotes _notes = Note(TurnNotes.Of(options), forms, done);
    private bool _isImpossible;
    private bool? _isPossible;

    /// <summary>The actions that the platform has done already.</summary>
    public IReadOnlySet<CallAction> Done { get; } = done?.Actions ?? new HashSet<CallAction>();

    /// <summary>What is said where an action was done and the responder says nothing.</summary>
    public string LastWords => !_notes.WantsLastWords ? ""
        : Done.Where(action => !action.IsTransfer).Select(action => action.Ask(new("", ""), _call).Line).FirstOrDefault(line => line is { Length: > 0 }) ?? "";

    /// <summary>Why an action is not done, for the responder to read; null when it is, as far as the platform has a form for it.</summary>
    public string? Refusal(CallAction action, FunctionCallContent asked, bool hasSpoken)
    {
        if (Done.Contains(action))
        {
            return AlreadyDone;
        }

        if (action.Refusal(asked) is { } refusal)
        {
            return refusal;
        }

        // What it is told to say last does not decide whether it can be told at all.
        _isPossible ??= forms.IsDirective(action) || (forms.IsTool(action) && forms.Fill(action, asked, action.Ask(asked, _call)) is not null);
        if (_isPossible is true)
        {
            return null;
        }

        NoteImpossible(action, asked);
        return action.IsTransfer ? NoTransfer : !hasSpoken && !setup.IsScripted && action.Ask(asked, _call).Line is not { Length: > 0 } ? NoHangUp : null;
    }

    /// <summary>Another call is judged next.</summary>
    public void Forget() => _isPossible = null;

    public void LogRefused(CallAction action, FunctionCallContent asked)
    {
        if (action.Refusal(asked) is not null)
        {
            CallActionLog.Refused(setup.Logger, action.Name);
        }
    }

    /// <summary>What the platform gets, in order: what was said and has not gone out yet, and the action, where it has a form for it.</summary>
    public List<AIContent> Perform(CallAction action, FunctionCallContent asked, string text, AnswerText heard)
    {
        var contents = forms.IsDirective(action) ? LastLines.WithText(text, action.Perform(asked, _call, heard.HasSpoken))
            : forms.IsTool(action) ? Call(action, asked, text, heard) : null;
        if (contents is null)
        {
            NoteImpossible(action, asked);
            _notes.MayBeSilent = true;
            return LastLines.WithText(!heard.HasSpoken && action.Ask(asked, _call).Line is { } line ? text + line : text, []);
        }

        CallActionLog.Performed(setup.Logger, action.Name);
        _notes.Actions.Add(new PerformedAction(action.Name, action.ArgumentsOf(asked), contents[^1]));
        return contents;
    }

    // The last words go where the platform speaks them; what has gone out as text cannot be moved any more, and is not said twice.
    private List<AIContent>? Call(CallAction action, FunctionCallContent asked, string text, AnswerText heard)
    {
        var ask = action.Ask(asked, _call);
        var given = forms.LineIn(action, asked);
        var last = forms.LastWordsOf(action);
        string before, line;
        if (last is Platforms.LastWords.InCall)
        {
            var own = LastLines.Join(text, given);
            (before, line) = ("", action.IsTransfer ? LastLines.Join(own, ask.Line) : own.Length > 0 || heard.HasHeard ? own : ask.Line ?? "");
        }
        else
        {
            var isLater = last is Platforms.LastWords.AfterCall && !heard.HasHeard;
            line = heard.HasSpoken ? "" : given ?? "";
            var configured = action.IsTransfer || (!heard.HasSpoken && line.Length == 0) ? ask.Line : null;
            before = isLater ? "" : LastLines.After(text, configured, heard.HasHeard && heard.EndsOpen && text.Length == 0);
        }

        return forms.Fill(action, asked, ask with { Line = line.Trim() }) is { } call ? LastLines.WithText(before, [TransferRule.Clean(call)]) : null;
    }

    private void NoteImpossible(CallAction action, FunctionCallContent asked)
    {
        if (_isImpossible)
        {
            return;
        }

        _isImpossible = true;
        _notes.Actions.Add(new PerformedAction($"{action.Name} (not possible)", action.ArgumentsOf(asked), null));
        if (setup.Warnings.IsFirst(_call, action.Name))
        {
            CallActionLog.Impossible(
                setup.Logger, action.Name, forms.Platform, forms.IsTool(action) ? "the tool that the request offers for it must be told what nobody told" : "the request offers no tool for it");
        }
    }

    private static TurnNotes Note(TurnNotes notes, ActionForms forms, (IReadOnlySet<CallAction> Actions, bool HasSpoken)? done)
    {
        if (done is var (actions, hasSpoken))
        {
            notes.Done.UnionWith(actions.Select(action => action.Name));
            notes.WantsLastWords = !hasSpoken || actions.Any(forms.AsksForLastWords);
        }

        return notes;
    }
}
