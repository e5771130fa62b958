using Switchboard.Common;
using Switchboard.Contract;

namespace Switchboard.Actions;

/// <summary>The call actions, by the names that the configuration and the scripts know them by.</summary>
internal static class CallActions
{
    private static readonly Entry[] All =
    [
        new(ActionNames.HangUp, options => new HangUpAction(options), HangUpAction.Failures),
        new(ActionNames.Transfer, options => new TransferAction(options), TransferAction.Failures),
    ];

    /// <param name="options">An action without <see cref="Failures"/>.</param>
    public static CallAction Create(ActionOptions options) => All.Single(entry => entry.Name == options.Name).Create(options);

    /// <summary>The actions of a model: those of the settings, and the hang-up that its script asks for.</summary>
    /// <param name="actions">The settings, without <see cref="Failures"/>.</param>
    /// <param name="script">What the rules of the script do.</param>
    public static IEnumerable<CallAction> Create(IEnumerable<ActionOptions> actions, IEnumerable<string?> script)
    {
        var configured = actions.ToList();
        return configured.Concat(script.Contains(ActionNames.HangUp) && !configured.Exists(action => action.Name == ActionNames.HangUp) ? [new ActionOptions { Name = ActionNames.HangUp }] : []).Select(Create);
    }

    /// <summary>What is wrong with the actions of a model, each failure beginning with the place of its setting.</summary>
    public static IEnumerable<string> Failures(IList<ActionOptions> actions)
    {
        var functions = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < actions.Count; index++)
        {
            var action = actions[index];
            var known = Array.Find(All, entry => entry.Name == action.Name);
            foreach (var failure in known?.Failures(action) ?? [$"Name: {SettingText.NoSuch("call action", action.Name, [.. All.Select(entry => entry.Name)])}"])
            {
                yield return $"{index}:{failure}";
            }

            if (CallAction.FunctionOf(action) is var function && !(function.Length <= 64 && function.All(IsNameCharacter)))
            {
                yield return $"{index}:Function: expected 1 to 64 letters, digits, _ and -.";
            }

            if (!functions.Add(CallAction.FunctionOf(action)))
            {
                yield return $"{index}:Function: another action has this name.";
            }
        }
    }

    // https://platform.openai.com/docs/api-reference/chat/create#chat_create-tools
    private static bool IsNameCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '-';

    /// <param name="Name">What the settings call it.</param>
    /// <param name="Create">Makes it of settings without <paramref name="Failures"/>.</param>
    /// <param name="Failures">What is wrong with its settings, each beginning with the name of one.</param>
    private sealed record Entry(string Name, Func<ActionOptions, CallAction> Create, Func<ActionOptions, IEnumerable<string>> Failures);
}
