using Microsoft.Extensions.AI;
using Switchboard.Contract;

namespace Switchboard.Actions;

/// <summary>What the responder is offered in one turn: the actions, and those of the client's tools that no action takes over.</summary>
internal sealed class ActionOffer
{
    private readonly Dictionary<string, CallAction> _actions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known;

    /// <param name="actions">The actions of the model.</param>
    /// <param name="forms">How they leave.</param>
    /// <param name="options">What the request offers; it is changed to what the responder is offered.</param>
    /// <param name="notes">Told which tools are taken over.</param>
    /// <param name="tool">Makes a tool of a declaration.</param>
    public ActionOffer(IReadOnlyList<CallAction> actions, ActionForms forms, ChatOptions options, TurnNotes notes, Func<AIFunctionDeclaration, AITool> tool)
    {
        foreach (var (name, action) in forms.TakenOver)
        {
            _actions.TryAdd(name, action);
            notes.TakenOver[name] = action.Declaration.Name;
        }

        // The client knows what its own tool does, and no service takes two tools of one name.
        var kept = (options.Tools ?? []).Where(kept => !_actions.ContainsKey(kept.Name)).ToList();
        _known = [.. kept.Select(kept => kept.Name)];
        var offered = actions.Where(action => !_known.Contains(action.Declaration.Name)).ToList();
        if (offered.Count > 0)
        {
            options.Tools = [.. kept, .. offered.Select(forms.Declare).Select(tool)];
            options.ToolMode = options.ToolMode is RequiredChatToolMode { RequiredFunctionName: { } wanted } && _actions.TryGetValue(wanted, out var meant)
                ? ChatToolMode.RequireSpecific(meant.Declaration.Name) : options.ToolMode;
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
    }

    /// <summary>Whether any action can be asked for.</summary>
    public bool HasActions => _actions.Count > 0;

    /// <summary>The action that a tool of this name is; null when it is none.</summary>
    public CallAction? Find(string name) => _actions.GetValueOrDefault(name);

    /// <summary>The names of all that can be called.</summary>
    public IReadOnlySet<string> Names => _known.Union(_actions.Keys).ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether a tool of this name is the client's.</summary>
    public bool IsClients(string name) => _known.Contains(name);
}
