using System.CommandLine;
using System.CommandLine.Parsing;
using Caller.Wire;

namespace Caller.Commands;

/// <summary>The options every command shares.</summary>
internal sealed class TargetOptions
{
    /// <summary>Read when <c>--key</c> is not given, so that a key need not stand in a process list or a shell's history.</summary>
    public const string KeyVariable = "CALLER_KEY";

    private readonly Argument<string> _url;

    private readonly Option<string> _model = new("--model", "-m")
    {
        Description = "Model id, sent as \"model\".",
        HelpName = "id",
    };

    private readonly Option<string> _key = new("--key", "-k")
    {
        Description = $"API key, sent as Authorization: Bearer. Default: environment variable {KeyVariable}. Never printed or recorded.",
        HelpName = "key",
    };

    private readonly Option<string[]> _query = new("--query")
    {
        Description = "Query parameter added to the address, e.g. task_id=1. May be repeated.",
        HelpName = "name=value",
    };

    private readonly Func<string, string?> _environment;

    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="optionalWith">An option that makes the URL and the model unnecessary.</param>
    public TargetOptions(Func<string, string?> environment, Option<bool>? optionalWith = null)
    {
        _environment = environment;
        _url = new Argument<string>("URL")
        {
            Description = "Base URL of the server, as typed in at the platform: /chat/completions is appended.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        bool Needed(CommandResult result) => optionalWith is null || !result.GetValue(optionalWith);
        Validate = result =>
        {
            if (!Needed(result))
            {
                return;
            }

            if (result.GetValue(_url) is null)
            {
                result.AddError("URL is missing: the base URL of the server, for instance http://127.0.0.1:7071/v1");
            }
            else if (result.GetValue(_model) is not { Length: > 0 })
            {
                result.AddError("--model is missing: the model id to ask for.");
            }
            else if (!Endpoint.TryCreate(result.GetValue(_url)!, result.GetValue(_query) ?? [], out _, out var error))
            {
                result.AddError(error);
            }
            else if (Key(result.GetValue(_key)) is { } key && key.Any(c => c is <= ' ' or > '~'))
            {
                result.AddError("--key holds a space or a character that cannot stand in a header.");
            }
        };
    }

    public Action<CommandResult> Validate { get; }

    public void AddTo(Command command)
    {
        command.Arguments.Add(_url);
        command.Options.Add(_model);
        command.Options.Add(_key);
        command.Options.Add(_query);
        command.Validators.Add(Validate);
    }

    public Target Read(ParseResult parsed) =>
        Endpoint.TryCreate(parsed.GetValue(_url)!, parsed.GetValue(_query) ?? [], out var endpoint, out var error)
            ? new Target(endpoint, parsed.GetValue(_model)!, Key(parsed.GetValue(_key)))
            : throw new InvalidOperationException(error);

    private string? Key(string? given) => given is { Length: > 0 } ? given
        : _environment(KeyVariable) is { Length: > 0 } fromEnvironment ? fromEnvironment : null;
}
