using System.Diagnostics.CodeAnalysis;
using HandlebarsDotNet;
using HandlebarsDotNet.IO;

namespace Switchboard.Templates;

/// <summary>
/// How a template speaks what is no text: as its JSON. The engine itself would say <c>True</c>, and the name of the .NET type
/// of a list or an object.
/// </summary>
internal sealed class SpokenValues : IFormatterProvider, IFormatter
{
    public bool TryCreateFormatter(Type type, [NotNullWhen(true)] out IFormatter? formatter)
    {
        formatter = CallValues.IsStructured(type) ? this : null;
        return formatter is not null;
    }

    public void Format<T>(T value, in EncodedTextWriter writer) => writer.WriteSafeString(CallValues.ToJson(value));
}
