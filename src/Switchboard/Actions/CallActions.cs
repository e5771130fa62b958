namespace Switchboard.Actions;

/// <summary>The call actions, by the names that the configuration and the scripts know them by.</summary>
internal static class CallActions
{
    /// <summary>Ends the call. The IMS workflow maps a function of this name with <c>FunctionMap</c>.</summary>
    public const string HangUp = "hangup";

    /// <summary>Hands the call to another number.</summary>
    public const string Transfer = "transfer";

    /// <param name="options">An action without <see cref="Failures"/>.</param>
    public static CallAction Create(ActionOptions options) => options.Name == Transfer ? new TransferAction(options) : new HangUpAction(options);

    /// <summary>What is wrong with the actions of a model, each failure beginning with the place of its setting.</summary>
    public static IEnumerable<string> Failures(IList<ActionOptions> actions)
    {
        var functions = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < actions.Count; index++)
        {
            var action = actions[index];
            foreach (var failure in action.Name switch
            {
                HangUp => HangUpAction.Failures(action),
                Transfer => TransferAction.Failures(action),
                _ => [$"Name: no such call action; there are {HangUp}, {Transfer}."],
            })
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
}
