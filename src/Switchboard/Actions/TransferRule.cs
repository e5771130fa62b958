using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Switchboard.Contract;
using Switchboard.Platforms;

namespace Switchboard.Actions;

/// <summary>
/// Where the answers of a model may transfer a call: to the numbers of its action <c>transfer</c>, and those that its own script writes. What a
/// responder writes is never more than a wish: a caller can talk a model into it.
/// </summary>
/// <param name="actions">The actions of the model.</param>
/// <param name="replies">The templates of the script, where one answers; null for every other responder.</param>
internal sealed partial class TransferRule(IEnumerable<CallAction> actions, IReadOnlyList<string>? replies)
{
    private readonly TransferAction[] _transfers = [.. actions.OfType<TransferAction>()];
    private readonly HashSet<string> _scripted = [.. (replies ?? []).SelectMany(ImsDirectives.Callees).Where(number => number.Length > 0 && !number.Contains('{'))];

    /// <summary>The action that ends the call; null when the model has none.</summary>
    public CallAction? HangUp { get; } = actions.FirstOrDefault(action => !action.IsTransfer);

    /// <summary>What the caller hears when a transfer is not done and there is nothing else to hear; null for nothing.</summary>
    public string? FailureText => _transfers.Select(transfer => transfer.FailureText).FirstOrDefault(text => text is { Length: > 0 });

    /// <summary>A directive that a responder wrote, as it goes out; null when it must not.</summary>
    /// <param name="written">The directive.</param>
    /// <param name="call">The call.</param>
    public PerformedAction? Allow(string written, CallContext call)
    {
        if (ImsDirectives.Callees(written).Distinct().ToList() is not [var number])
        {
            return null;
        }

        foreach (var transfer in _transfers)
        {
            if (transfer.Ask(number) is var asked && transfer.Refusal(asked) is null && ImsDirectives.IsTransfer(written))
            {
                return new PerformedAction(transfer.Name, transfer.ArgumentsOf(asked), transfer.Perform(asked, call, hasSpoken: true)[^1]);
            }
        }

        return null;
    }

    /// <summary>What a directive asks for, as a call of the action that allows it; null when none does.</summary>
    public (TransferAction Transfer, FunctionCallContent Asked)? Find(string written)
    {
        if (ImsDirectives.Callees(written).Distinct().ToList() is not [var number] || !ImsDirectives.IsTransfer(written))
        {
            return null;
        }

        foreach (var transfer in _transfers)
        {
            var asked = transfer.Ask(number);
            if (transfer.Refusal(asked) is null)
            {
                return (transfer, new FunctionCallContent($"call_{Guid.NewGuid():N}", asked.Name, asked.Arguments));
            }
        }

        return null;
    }

    /// <summary>Whether a directive is the script's own: written there, or filled with nothing but texts there.</summary>
    public bool IsScripted(string written) =>
        replies is not null && (replies.Any(reply => reply.Contains(written, StringComparison.Ordinal))
            || (ImsDirectives.IsPlainTransfer(written) && ImsDirectives.Callees(written).ToList() is [var number] && (_scripted.Contains(number) || IsAllowed(number))));

    /// <summary>Whether a call of a tool that nobody declared could transfer the call: by its name, or by what could be dialled among its arguments.</summary>
    public bool CouldTransfer(FunctionCallContent call) =>
        replies is null && (Telling().IsMatch(call.Name) || call.Arguments?.Values.Any(value => IsDialled(value?.ToString() ?? "")) is true);

    /// <summary>Whether a text has something in it that could be dialled.</summary>
    public static bool IsDialled(string text) => Dialled().IsMatch(new FoldedText(text).Text);

    /// <summary>A call of a tool without any directive in its arguments: the same one, nearly always.</summary>
    public static FunctionCallContent Clean(FunctionCallContent call)
    {
        var arguments = ToolCallJson.Arguments(call);
        if (!TransferReader.MayBegin(arguments))
        {
            return call;
        }

        var isClean = true;
        if (ToolCallJson.IsCustom(call))
        {
            var text = Clean(arguments, ref isClean);
            return isClean ? call : ToolCallJson.Custom(call.CallId, call.Name, text);
        }

        // Elements, since nodes refuse a name that a model has written twice.
        using var document = JsonDocument.Parse(arguments);
        var clean = Clean(document.RootElement, ref isClean);
        return isClean ? call : ToolCallJson.ToContent(call.CallId, call.Name, clean!.ToJsonString());
    }

    private static JsonNode? Clean(JsonElement value, ref bool isClean)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var fields = new JsonObject();
                foreach (var field in value.EnumerateObject())
                {
                    fields[Clean(field.Name, ref isClean)] = Clean(field.Value, ref isClean);
                }

                return fields;
            case JsonValueKind.Array:
                var items = new JsonArray();
                foreach (var item in value.EnumerateArray())
                {
                    items.Add(Clean(item, ref isClean));
                }

                return items;
            case JsonValueKind.String:
                return JsonValue.Create(Clean(value.GetString()!, ref isClean));
            default:
                return JsonNode.Parse(value.GetRawText());
        }
    }

    private static string Clean(string text, ref bool isClean)
    {
        var reader = new TransferReader(_ => "");
        var clean = reader.Push(text) + reader.Complete();
        isClean &= clean == text;
        return clean;
    }

    /// <summary>Whether a transfer may go to this number.</summary>
    public bool IsAllowed(string number) => Array.Exists(_transfers, transfer => transfer.Refusal(transfer.Ask(number)) is null);

    [GeneratedRegex("transfer|forward|redirect|dial", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, ImsMarks.MatchTimeout)]
    private static partial Regex Telling();

    // Three digits are a short number already.
    [GeneratedRegex(@"[0-9](?:[^\w""]{0,3}[0-9]){2}|\b(?:sips?|tel):", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, ImsMarks.MatchTimeout)]
    private static partial Regex Dialled();
}
