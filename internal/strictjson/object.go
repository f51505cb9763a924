package strictjson

// An Object is a document that was checked, with its members. It holds the document, which
// must not be changed.
type Object struct {
	data    []byte
	members []member
}

// A member has the places of its name, between the quotes, and of its value.
type member struct{ name, value span }

// ReadObject is [CheckObject] for a document whose members are read one by one.
func ReadObject(data []byte) (Object, error) {
	s := scanner{data: data, top: make([]member, 0, 16)}
	if err := s.document(everything); err != nil {
		return Object{}, err
	}
	return Object{data, s.top}, isObject(data)
}

// Member returns the value of a name as it is written. Unlike encoding/json, it takes the
// exact name only.
func (o Object) Member(name string) (value []byte, ok bool) {
	for _, m := range o.members {
		if same(o.data[m.name.start:m.name.end], name, exact) {
			return o.data[m.value.start:m.value.end:m.value.end], true
		}
	}
	return nil, false
}

func exact(r rune) rune { return r }
