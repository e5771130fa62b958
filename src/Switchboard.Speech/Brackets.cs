namespace Switchboard.Speech;

/// <summary>Finds where the brackets of a call are closed.</summary>
internal sealed class Brackets
{
    private int _depth;
    private char _quote;
    private bool _isEscaped;
    private bool _hasContent;
    private bool _isPython;

    public bool AreClosed { get; private set; }

    public void Reset()
    {
        _depth = 0;
        _quote = '\0';
        _isEscaped = _hasContent = _isPython = AreClosed = false;
    }

    /// <summary>Reads the next character.</summary>
    /// <returns>Whether it closes the last bracket.</returns>
    public bool Close(char character)
    {
        if (_isEscaped)
        {
            _isEscaped = false;
        }
        else if (_quote != '\0')
        {
            _isEscaped = character == '\\';
            _quote = character == _quote ? '\0' : _quote;
        }
        else if (_depth > 0 && (character == '"' || (character == '\'' && _isPython)))
        {
            _quote = character;
        }
        else
        {
            // Mistral's [ARGS] comes before the arguments.
            _isPython |= character == '(';
            _hasContent |= character is '{' or '(';
            _depth += character switch { '{' or '[' or '(' => 1, '}' or ']' or ')' => -1, _ => 0 };
            AreClosed = _depth <= 0 && _hasContent;
        }

        return AreClosed;
    }
}
