using System.Globalization;
using System.Text.Json;

namespace Switchboard.Contract;

/// <summary>
/// What an error of an upstream says that may be told on: identifiers, never its message, which may quote the request. Whatever is no
/// identifier counts as absent.
/// </summary>
/// <remarks>
/// https://platform.openai.com/docs/guides/error-codes; https://learn.microsoft.com/azure/api-management/error-handling has Azure's
/// <c>innererror</c>, https://google.aip.dev/193 Google's <c>status</c> and <c>reason</c>, https://fastapi.tiangolo.com/tutorial/handling-errors FastAPI's <c>detail</c>.
/// </remarks>
internal sealed record ErrorReport
{
    private const int MaxLength = 64;
    private const int MaxDepth = 4;

    // A run of digits may be a telephone number.
    private const int MaxDigits = 6;

    /// <summary>The HTTP status that its code stands for, if it is one.</summary>
    public int? Status { get; init; }

    /// <summary>What went wrong, such as <c>DeploymentNotFound</c>.</summary>
    public string? Code { get; init; }

    /// <summary>The class of the error, or a narrower code.</summary>
    public string? Type { get; init; }

    /// <summary>The field at fault.</summary>
    public string? Param { get; init; }

    /// <summary>Whether it calls the request invalid.</summary>
    public bool BlamesRequest => Type is "invalid_request_error";

    /// <summary>What an upstream calls an error in one word.</summary>
    public static ErrorReport OfWord(string? word) => new() { Code = word is { Length: <= MaxLength } && IsIdentifier(word, mayBeNumber: false) ? word : null };

    /// <summary>Reads the value of <c>error</c>: OpenAI's object, or a mere text.</summary>
    /// <param name="json">Stands on the value; afterwards on its end.</param>
    public static ErrorReport Read(ref Utf8JsonReader json) => ReadValue(ref json, depth: 1);

    /// <summary>Reads the body of a failed answer, or the beginning of one.</summary>
    /// <param name="body">The body.</param>
    /// <param name="isOver">Whether more of it would say no more.</param>
    public static ErrorReport ReadBody(ReadOnlySpan<byte> body, out bool isOver)
    {
        body = body.StartsWith("\uFEFF"u8) ? body["\uFEFF"u8.Length..] : body;
        var json = new Utf8JsonReader(body, isFinalBlock: false, default);
        try
        {
            var report = json.Read() ? ReadValue(ref json, depth: 0) : new ErrorReport();
            isOver = json.TokenType is not JsonTokenType.None && json.CurrentDepth == 0 && json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray);
            return report;
        }
        catch (JsonException)
        {
            // A page of a proxy, say.
            isOver = true;
            return new ErrorReport();
        }
    }

    /// <summary>What it says, for a log line; null when that is nothing.</summary>
    public string? Describe()
    {
        string?[] words = [Code, Type == Code ? null : Type, Param is null ? null : $"param {Param}"];
        var said = string.Join(", ", words.Where(word => word is not null));
        return said.Length > 0 ? said : null;
    }

    /// <summary>The same without what is part of <paramref name="secret"/>, or has it in it.</summary>
    public ErrorReport Without(string? secret)
    {
        return string.IsNullOrEmpty(secret) ? this : this with { Code = Kept(Code), Type = Kept(Type), Param = Kept(Param) };

        string? Kept(string? word) => word is { Length: >= MaxDigits }
            && (word.Contains(secret, StringComparison.OrdinalIgnoreCase) || secret.Contains(word, StringComparison.OrdinalIgnoreCase)) ? null : word;
    }

    private static ErrorReport ReadValue(ref Utf8JsonReader json, int depth)
    {
        if (json.TokenType is JsonTokenType.StartObject && depth <= MaxDepth)
        {
            return ReadObject(ref json, depth + 1);
        }

        var report = new ErrorReport();
        if (json.TokenType is JsonTokenType.StartArray && depth <= MaxDepth)
        {
            while (json.Read() && json.TokenType is not JsonTokenType.EndArray)
            {
                report = report.Or(ReadValue(ref json, depth + 1));
            }
        }
        else
        {
            _ = json.TrySkip();
        }

        return report;
    }

    // A body may be cut anywhere: then reading on fails, and what was read before counts.
    private static ErrorReport ReadObject(ref Utf8JsonReader json, int depth)
    {
        ErrorReport[] said = [new(), new(), new(), new()];
        while (json.Read() && json.TokenType is JsonTokenType.PropertyName)
        {
            var name = JsonText.Read(ref json);
            if (!json.Read())
            {
                break;
            }

            var (rank, report) = name switch
            {
                "error" or "detail" => (0, ReadValue(ref json, depth)),
                "code" => (1, ReadCode(ref json)),
                "type" => (1, new ErrorReport { Type = Identifier(ref json) }),
                "param" => (1, new ErrorReport { Param = Identifier(ref json) }),
                "loc" => (1, new ErrorReport { Param = Location(ref json) }),
                "status" => (2, ReadCode(ref json)),
                "reason" or "error_type" or "__type" => (2, new ErrorReport { Type = Identifier(ref json) }),
                "innererror" or "errors" or "details" => (3, ReadValue(ref json, depth)),
                _ => (3, json.TrySkip() ? new ErrorReport() : null),
            };
            if (report is null)
            {
                break;
            }

            said[rank] = said[rank].Or(report);
        }

        // An envelope says less than what is in it, and of two codes the narrower one stands beside the other.
        var all = said[0].Or(said[1]).Or(said[2]);
        var inner = said[3];
        return all.Or(all.Code is null ? inner : inner with { Type = inner.Code ?? inner.Type });
    }

    private ErrorReport Or(ErrorReport other) => new()
    {
        Status = Status ?? other.Status,
        Code = Code ?? other.Code,
        Type = Type ?? other.Type,
        Param = Param ?? other.Param,
    };

    // OpenAI has words for codes; vLLM, llama.cpp and OpenRouter write the HTTP status, as a number or as text, and gRPC a number of its own.
    private static ErrorReport ReadCode(ref Utf8JsonReader json)
    {
        if (json.TokenType is JsonTokenType.Number)
        {
            return json.TryGetInt32(out var number) ? OfNumber(number) : new();
        }

        var word = Identifier(ref json, mayBeNumber: true);
        return int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? OfNumber(code) : new() { Code = word };
    }

    private static ErrorReport OfNumber(int code) => code switch
    {
        >= 400 and <= 599 => new() { Status = code },
        (> 0 and < 100) or (> 599 and < 1_000_000) => new() { Code = code.ToString(CultureInfo.InvariantCulture) },
        _ => new(),
    };

    private static string? Location(ref Utf8JsonReader json)
    {
        if (json.TokenType is not JsonTokenType.StartArray)
        {
            _ = json.TrySkip();
            return null;
        }

        var path = new List<string?>();
        while (json.Read() && json.TokenType is not JsonTokenType.EndArray)
        {
            path.Add(json.TokenType is JsonTokenType.Number && json.TryGetInt32(out var index) ? index.ToString(CultureInfo.InvariantCulture) : Identifier(ref json));
        }

        var joined = string.Join('.', path);
        return json.TokenType is not JsonTokenType.EndArray || path.Contains(null) || joined.Length is 0 or > MaxLength ? null : joined;
    }

    private static string? Identifier(ref Utf8JsonReader json, bool mayBeNumber = false)
    {
        if (json.TokenType is not JsonTokenType.String)
        {
            _ = json.TrySkip();
            return null;
        }

        return json.ValueSpan.Length <= MaxLength && JsonText.Read(ref json) is var text && IsIdentifier(text, mayBeNumber) ? text : null;
    }

    private static bool IsIdentifier(string text, bool mayBeNumber)
    {
        var digits = 0;
        foreach (var character in text)
        {
            digits = char.IsAsciiDigit(character) ? digits + 1 : 0;
            if (digits > MaxDigits || !(char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-' or '[' or ']'))
            {
                return false;
            }
        }

        return (text.Length > 1 && char.IsAsciiLetter(text[0])) || (mayBeNumber && digits > 0 && digits == text.Length);
    }
}
