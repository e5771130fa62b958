using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Switchboard.Common;
using Switchboard.Contract;
using Switchboard.Platforms;

namespace Switchboard.Actions;

/// <summary>Hands the call to a number of the allow-list.</summary>
internal sealed partial class TransferAction(ActionOptions options) : CallAction(options, Declare(options))
{
    /// <summary>The argument that says where to.</summary>
    public const string Number = "number";

    private const string DefaultDescription =
        "Transfers the phone call to another number. Call it when the caller needs a person or a department, and tell the caller so in the same answer.";

    public static IEnumerable<string> Failures(ActionOptions options)
    {
        if (options.As is ActionForm.ToolCall)
        {
            yield return "As: a transfer exists only as Directive.";
        }

        if (options.EndWord is { Length: > 0 })
        {
            yield return $"EndWord: only the action {ActionNames.HangUp} has it.";
        }

        if (options.Numbers.Count == 0)
        {
            yield return "Numbers: a transfer needs at least one number (Numbers:0).";
        }

        for (var index = 0; index < options.Numbers.Count; index++)
        {
            if (!Dialable().IsMatch(options.Numbers[index]))
            {
                yield return $"Numbers:{index}: expected a phone number or SIP address without spaces, such as +4930123456 or sip:desk@example.com{SettingText.Found(options.Numbers[index])}.";
            }
        }
    }

    public override string? Refusal(FunctionCallContent call) => Find(call) is not null ? null
        : $"The call was not transferred: '{Number}' must be one of {string.Join(", ", Options.Numbers)}. Use one of these, or tell the caller that it is not possible.";

    // A configured number has no character that JSON would escape.
    public override string ArgumentsOf(FunctionCallContent asked) => $$"""{"{{Number}}":"{{Find(asked)}}"}""";

    public override IList<AIContent> Perform(FunctionCallContent asked, CallContext call, bool hasSpoken) =>
        [new TextContent(ImsDirectives.Transfer(Options.Caller ?? call.CalleeNumber, Find(asked)!, Options.ErrorMessage, Options.Message))];

    public override bool IsTransfer => true;

    public override int Choices => Options.Numbers.Count;

    public override ToolAsk Ask(FunctionCallContent asked, CallContext call) => new(
        Find(asked), Options.Caller ?? call.CalleeNumber, Options.Message, "The caller is to speak with somebody else.", "A call is transferred to you.");

    /// <summary>The call that asks for a transfer to the first number, which is what a script means.</summary>
    public FunctionCallContent AskFirst(string id) => new(id, Declaration.Name, Ask(Options.Numbers[0]).Arguments);

    /// <summary>The call that asks for a transfer to <paramref name="number"/>; it may be refused.</summary>
    public FunctionCallContent Ask(string number) => new("", Declaration.Name, new Dictionary<string, object?> { [Number] = number });

    // What goes out is always the number as configured, never the responder's.
    private string? Find(FunctionCallContent call)
    {
        if (call.Exception is not null)
        {
            return null;
        }

        if (call.Arguments?.TryGetValue(Number, out var value) is not true || value is null or JsonElement { ValueKind: JsonValueKind.Null })
        {
            return Options.Numbers is [var only] ? only : null;
        }

        // Models like to write numbers with the spaces that people put in.
        var wanted = value.ToString() ?? "";
        return Options.Numbers.FirstOrDefault(number => PhoneNumbers.AreSame(number, wanted));
    }

    private static AIFunctionDeclaration Declare(ActionOptions options)
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                [Number] = new JsonObject
                {
                    ["type"] = "string",
                    ["description"] = "The number to transfer the call to.",
                    ["enum"] = new JsonArray([.. options.Numbers.Select(number => JsonValue.Create(number))]),
                },
            },
            ["required"] = options.Numbers.Count > 1 ? new JsonArray(JsonValue.Create(Number)) : new JsonArray(),
            ["additionalProperties"] = false,
        };
        return AIFunctionFactory.CreateDeclaration(FunctionOf(options), options.Description ?? DefaultDescription, JsonElement.Parse(schema.ToJsonString()));
    }

    // Digits with what is dialled and written between them, and parameters such as ;ext=12 (https://www.rfc-editor.org/rfc/rfc3966); or an address
    // with its host (https://www.rfc-editor.org/rfc/rfc3261), of which a PBX may take the name of a phone alone.
    [GeneratedRegex(@"^(?=.{1,128}\z)(?:(?:tel:)?(?:[*#][0-9*#]*)?\+?[*#.-]*[0-9][0-9*#.-]*(?:;[0-9A-Za-z+.:=_-]+)*|sips?:[0-9A-Za-z+*#.:;=_-]+(?:@[0-9A-Za-z.:;=_-]+)?|[0-9A-Za-z+*#._-]+@[0-9A-Za-z.:;=_-]+)\z", RegexOptions.CultureInvariant, ImsMarks.MatchTimeout)]
    private static partial Regex Dialable();
}
