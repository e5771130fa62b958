namespace Switchboard.Contract;

/// <summary>A number of userData, as it was written: no .NET type holds every JSON number to the digit.</summary>
internal sealed record CallNumber(string Text)
{
    public override string ToString() => Text;
}
