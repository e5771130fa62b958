using System.Buffers;
using System.CommandLine;
using System.CommandLine.Parsing;
using Caller.Platform;
using Caller.Wire;

namespace Caller.Commands;

/// <summary>The options every command shares.</summary>
internal sealed class TargetOptions
{
    /// <summary>Read when <c>--key</c> is not given, so that a key need not stand in a process list or a shell's history.</summary>
    public const string KeyVariable = "CALLER_KEY";

    private static readonly SearchValues<char> HeaderName = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

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
        Description = "Query parameter added to the address, e.g. task_id=1; {call} in it is the call's id. May be repeated.",
        HelpName = "name=value",
    };

    private readonly Option<string[]> _header = new("--header")
    {
        Description = "Header added to each turn, e.g. X-Call={call}. May be repeated.",
        HelpName = "name=value",
    };

    private readonly Option<string> _platform = new("--platform")
    {
        Description = $"Who calls: {VoicePlatforms.Names}. Default {VoicePlatforms.ImsName}.",
        HelpName = "name",
    };

    private readonly Func<string, string?> _environment;

    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="optionalWith">An option that makes the URL and the model unnecessary.</param>
    public TargetOptions(Func<string, string?> environment, Option<bool>? optionalWith = null)
    {
        _environment = environment;
        _url = new Argument<string>("URL")
        {
            Description = "URL of the server, as typed in at the platform: most append /chat/completions.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        bool Needed(CommandResult result) => optionalWith is null || !result.GetValue(optionalWith);
        Validate = result =>
        {
            if (Platform(result) is not { } platform)
            {
                result.AddError($"--platform '{result.GetValue(_platform)}' is not known. There are: {VoicePlatforms.Names}.");
                return;
            }

            if (!Needed(result))
            {
                return;
            }

            if (result.GetValue(_url) is null)
            {
                result.AddError("URL is missing: the base URL of the server, for instance http://127.0.0.1:7071/v1");
            }
            else if (result.GetValue(_model) is not { Length: > 0 } && platform.HasPlaceFor("model"))
            {
                result.AddError("--model is missing: the model id to ask for.");
            }
            else if (!Endpoint.TryCreate(result.GetValue(_url)!, result.GetValue(_query) ?? [], out _, out var error, platform.FullUrl))
            {
                result.AddError(error);
            }
            else if (Key(result.GetValue(_key)) is { } key && key.Any(c => c is <= ' ' or > '~'))
            {
                result.AddError("--key holds a space or a character that cannot stand in a header.");
            }
            else if (Array.Find(result.GetValue(_header) ?? [], pair => !IsHeader(pair)) is { } header)
            {
                result.AddError($"--header '{header}' is not of the form name=value, of characters that can stand in a header.");
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
        command.Options.Add(_header);
        command.Options.Add(_platform);
        command.Validators.Add(Validate);
    }

    public Target Read(ParseResult parsed)
    {
        var platform = ReadPlatform(parsed);
        var query = parsed.GetValue(_query) ?? [];
        return Endpoint.TryCreate(parsed.GetValue(_url)!, query, out var endpoint, out var error, platform.FullUrl)
            ? new Target(endpoint, parsed.GetValue(_model) ?? "", Key(parsed.GetValue(_key)), platform)
            {
                Headers = parsed.GetValue(_header) ?? [],
                Warnings =
                [
                    .. endpoint.Warning is { } warning ? [warning] : Array.Empty<string>(),
                    .. query.Length > 0 && !platform.TakesQuery ? [$"{platform.Name} takes no URL with a query; --query is sent all the same."] : Array.Empty<string>(),
                ],
            }
            : throw new InvalidOperationException(error);
    }

    /// <summary>Who calls.</summary>
    public VoicePlatform ReadPlatform(ParseResult parsed) => Platform(parsed.CommandResult)!;

    private VoicePlatform? Platform(CommandResult result) => VoicePlatforms.Find(result.GetValue(_platform) ?? VoicePlatforms.ImsName);

    private static bool IsHeader(string pair) => pair.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals
        && pair.AsSpan(0, equals).IndexOfAnyExcept(HeaderName) < 0 && !pair.AsSpan(equals).ContainsAnyExceptInRange(' ', '~');

    private string? Key(string? given) => given is { Length: > 0 } ? given
        : _environment(KeyVariable) is { Length: > 0 } fromEnvironment ? fromEnvironment : null;
}
