using System.Text;
using Azure.Data.Tables;
using Switchboard.Common;

namespace Switchboard.Transcripts;

/// <summary>Puts text of any length and kind into the properties of an entity, each of which holds 64 KiB, that is 32 Ki characters.</summary>
/// <remarks>https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model#property-types</remarks>
internal static class StoredText
{
    /// <summary>The most characters of a property.</summary>
    public const int PieceLength = 32 * 1024;

    private const int MaxLine = 256;

    /// <summary>Stands at the end of what was too long.</summary>
    public const string Cut = " [… the rest was too long to store]";

    /// <summary>At most <paramref name="length"/> characters of <paramref name="text"/>, with <see cref="Cut"/> for what is left out. No character is ever halved.</summary>
    public static string Fit(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        return string.Concat(text.AsSpan(0, TextCut.Length(text, length - Cut.Length)), Cut);
    }

    /// <summary>
    /// The text without what XML, the table service's older format, cannot carry: control characters, and halves of characters; each is
    /// replaced by U+FFFD.
    /// </summary>
    /// <remarks>https://www.w3.org/TR/xml/#charsets</remarks>
    public static string Clean(string text)
    {
        StringBuilder? clean = null;
        for (var index = 0; index < text.Length; index++)
        {
            if (char.IsSurrogatePair(text, index))
            {
                index++;
            }
            else if (text[index] is (< ' ' and not ('\t' or '\n' or '\r')) or (>= '\ud800' and <= '\udfff') or '\ufffe' or '\uffff')
            {
                clean ??= new StringBuilder(text);
                clean[index] = '\ufffd';
            }
        }

        return clean?.ToString() ?? text;
    }

    /// <summary>A name as one short line.</summary>
    public static string Line(string text) => Fit(Clean(text), MaxLine).ReplaceLineEndings(" ").Replace('\t', ' ');

    /// <summary>Sets the property <paramref name="name"/>, and <c>name1</c>, <c>name2</c> … for what one property cannot hold.</summary>
    public static void Put(TableEntity entity, string name, string? text)
    {
        if (text is null)
        {
            return;
        }

        for (var (start, piece) = (0, 0); start < text.Length || piece == 0; piece++)
        {
            var end = TextCut.Length(text, start + PieceLength);
            entity[Piece(name, piece)] = text[start..end];
            start = end;
        }
    }

    /// <summary>What <see cref="Put"/> has set; null when it was null.</summary>
    public static string? Get(TableEntity entity, string name)
    {
        if (entity.GetString(name) is not { } first || entity.GetString(Piece(name, 1)) is null)
        {
            return entity.GetString(name);
        }

        var text = new StringBuilder(first);
        for (var piece = 1; entity.GetString(Piece(name, piece)) is { } next; piece++)
        {
            text.Append(next);
        }

        return text.ToString();
    }

    private static string Piece(string name, int piece) => piece == 0 ? name : $"{name}{piece}";
}
